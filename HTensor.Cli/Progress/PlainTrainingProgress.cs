namespace HTensor.Cli;

/// <summary>A line an epoch, and one every ten seconds inside a long epoch: for logs, where nothing can move.</summary>
internal sealed class PlainTrainingProgress(CommandIo io, TimeProvider clock) : ITrainingProgress
{
    /// <summary>After which a log gets a line.</summary>
    public static readonly TimeSpan LongSilence = TimeSpan.FromSeconds(10);

    private readonly StepRate _rate = new(clock);
    private long _lastLine = clock.GetTimestamp();

    public void Step(in StepProgress progress)
    {
        var (stepsPerSecond, left) = _rate.After(progress);
        if (clock.GetElapsedTime(_lastLine) < LongSilence || progress.Step == progress.Steps) return;
        _lastLine = clock.GetTimestamp();
        io.Say($"{ProgressText.Of(progress, stepsPerSecond)}, {ProgressText.TimeLeft(left)} left");
    }

    public void Epoch(EpochMetrics metrics, int epochs)
    {
        _lastLine = clock.GetTimestamp();
        io.Say(ProgressText.Of(metrics, epochs));
    }
}
