using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>Passes a training's progress on to the display and its epochs to the run folder. A step's report allocates nothing.</summary>
internal sealed class TrainingMonitor(ITrainingProgress display, RunFolder run) : IProgress<TrainingProgress>
{
    private bool _hasBegun;
    private double? _accuracy;

    /// <summary>The last step reported; its epochs are 0 before the first.</summary>
    public StepProgress Last { get; private set; }

    public void Report(TrainingProgress value)
    {
        if (!_hasBegun) Begin(value);
        if (value.Completed is { } result)
        {
            var metrics = new EpochMetrics(result.Epoch, result.TrainLoss, result.ValidationLoss, result.ValidationAccuracy, result.Seconds);
            run.AppendMetrics(metrics);
            _accuracy = result.ValidationAccuracy;
            display.Epoch(metrics, value.Epochs);
            return;
        }

        Last = new StepProgress(value.Epoch, value.Epochs, value.Step, value.Steps, value.Loss, _accuracy);
        display.Step(Last);
    }

    // A resumed run does again what its checkpoint does not hold yet.
    private void Begin(in TrainingProgress first)
    {
        _hasBegun = true;
        run.KeepMetrics(first.Epoch - 1);
    }
}
