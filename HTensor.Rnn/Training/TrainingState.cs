namespace HTensor.Rnn;

/// <summary>Where a training stands, beside its weights and its optimizer's. A value: each step makes a new one.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Step">Steps done, of all epochs.</param>
/// <param name="LossSum">Sum of the losses of the present epoch, each times its weight.</param>
/// <param name="LossWeight">Sum of the weights: samples, or predictions where back-propagation is truncated.</param>
/// <param name="BestEpoch">0: none yet.</param>
/// <param name="BestAccuracy">On the validation samples.</param>
/// <param name="BestLoss">On the validation samples.</param>
internal readonly record struct TrainingState(int Epoch, long Step, double LossSum, long LossWeight, int BestEpoch, double BestAccuracy, double BestLoss)
{
    /// <summary>Whether the epoch just done is the best: always, where nothing is validated.</summary>
    public bool IsBest(Evaluation? evaluation) =>
        BestEpoch == 0 || evaluation is null || evaluation.Accuracy > BestAccuracy || (evaluation.Accuracy == BestAccuracy && evaluation.Loss < BestLoss);
}
