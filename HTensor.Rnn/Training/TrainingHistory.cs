namespace HTensor.Rnn;

/// <summary>What a training came to; the model holds the weights of its best epoch.</summary>
/// <param name="Epochs">The epochs that this run did.</param>
/// <param name="BestEpoch">The epoch with the highest validation accuracy, on a tie the lowest loss; without validation samples the last.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="MillisecondsPerStep">Median of a step, data reading and optimizer included, the first ten steps dropped.</param>
public sealed record TrainingHistory(IReadOnlyList<EpochResult> Epochs, int BestEpoch, double Seconds, double MillisecondsPerStep);
