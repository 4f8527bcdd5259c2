namespace HTensor.Rnn;

/// <summary>Where training stands: after every step, and with <paramref name="Completed"/> after every epoch.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Step">Steps of the epoch done.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="Loss">Mean loss of the epoch so far, in nats.</param>
/// <param name="Completed">The epoch's figures, after its last step and its validation.</param>
public readonly record struct TrainingProgress(int Epoch, int Epochs, int Step, int Steps, double Loss, EpochResult? Completed);
