namespace HTensor.Rnn;

/// <summary>What an epoch came to. Validation is null where there are no validation samples.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="TrainLoss">Mean over the epoch's samples, in nats.</param>
/// <param name="ValidationLoss">Mean over the validation samples, in nats.</param>
/// <param name="ValidationAccuracy">0 to 1.</param>
/// <param name="Seconds">From the epoch's first step to the end of its validation.</param>
public sealed record EpochResult(int Epoch, double TrainLoss, double? ValidationLoss, double? ValidationAccuracy, double Seconds);
