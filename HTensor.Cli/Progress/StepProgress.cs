namespace HTensor.Cli;

/// <summary>Where training stands after a step.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Step">Steps of this epoch done.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="Loss">A running mean of the loss, in nats.</param>
/// <param name="Accuracy">On the validation samples after the epoch before, 0 to 1; null where there is none.</param>
internal readonly record struct StepProgress(int Epoch, int Epochs, int Step, int Steps, double Loss, double? Accuracy)
{
    public long Done => ((long)(Epoch - 1) * Steps) + Step;

    public long Total => (long)Epochs * Steps;
}
