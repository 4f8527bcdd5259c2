namespace HTensor.Rnn;

/// <summary>A model's figures on some samples.</summary>
/// <param name="Loss">Mean cross-entropy, in nats.</param>
/// <param name="Labels">True class of each sample, in the order of the set.</param>
/// <param name="Predictions">Most probable class of each sample.</param>
public sealed record Evaluation(double Loss, IReadOnlyList<int> Labels, IReadOnlyList<int> Predictions)
{
    public int Count => Labels.Count;

    /// <summary>Part of the samples whose prediction is right, 0 to 1.</summary>
    public double Accuracy => (double)Labels.Zip(Predictions).Count(pair => pair.First == pair.Second) / Count;
}
