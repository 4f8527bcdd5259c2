namespace HTensor.Rnn;

/// <summary>A model's figures on some samples.</summary>
/// <param name="Loss">Mean over the predictions: cross-entropy in nats, negative log-likelihood of all notes of a step in nats, or squared error.</param>
/// <param name="Labels">What is true of each prediction that names a class or a symbol, in the order of the set; none where the task names none.</param>
/// <param name="Predictions">The most probable one of each.</param>
public sealed record Evaluation(double Loss, IReadOnlyList<int> Labels, IReadOnlyList<int> Predictions)
{
    /// <summary>Predictions: samples, or the steps of a task that predicts at every step.</summary>
    public int Count { get; init; } = Labels.Count;

    /// <summary>Part of the predictions that is right, 0 to 1; 0 where the task names no class.</summary>
    public double Accuracy => Labels.Count == 0 ? 0 : (double)Labels.Zip(Predictions).Count(pair => pair.First == pair.Second) / Labels.Count;
}
