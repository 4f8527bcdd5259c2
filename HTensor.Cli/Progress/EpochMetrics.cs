namespace HTensor.Cli;

/// <summary>What one epoch came to. Validation is null where nothing was held back.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="TrainLoss">Mean over the epoch's steps, in nats.</param>
/// <param name="ValidationLoss">Mean over the validation split, in nats.</param>
/// <param name="ValidationAccuracy">0 to 1.</param>
/// <param name="Seconds">From the epoch's first step to the end of its validation.</param>
internal sealed record EpochMetrics(int Epoch, double TrainLoss, double? ValidationLoss, double? ValidationAccuracy, double Seconds);
