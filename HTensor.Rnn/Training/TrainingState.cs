namespace HTensor.Rnn;

/// <summary>Where a training stands, beside its weights and its optimizer's.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Step">Steps done, of all epochs.</param>
/// <param name="LossSum">Sum of the losses of the samples of the present epoch.</param>
/// <param name="BestEpoch">0: none yet.</param>
/// <param name="BestAccuracy">On the validation samples.</param>
/// <param name="BestLoss">On the validation samples.</param>
internal sealed record TrainingState(int Epoch = 0, long Step = 0, double LossSum = 0, int BestEpoch = 0, double BestAccuracy = 0, double BestLoss = 0)
{
    /// <summary>Whether the epoch just done is the best: always, where nothing is validated.</summary>
    public bool IsBest(Evaluation? evaluation) =>
        BestEpoch == 0 || evaluation is null || evaluation.Accuracy > BestAccuracy || (evaluation.Accuracy == BestAccuracy && evaluation.Loss < BestLoss);
}
