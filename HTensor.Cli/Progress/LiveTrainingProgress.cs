using Spectre.Console;

namespace HTensor.Cli;

/// <summary>A bar that moves, with the epochs' lines above it.</summary>
internal sealed class LiveTrainingProgress(CommandIo io, ProgressTask task, TimeProvider clock) : ITrainingProgress
{
    // Fast enough to look alive; the texts of steps between are never made.
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    private readonly StepRate _rate = new(clock);
    private long _lastRefresh;

    public void Step(in StepProgress progress)
    {
        var (stepsPerSecond, left) = _rate.After(progress);
        var last = progress.Done == progress.Total;
        if (!last && _lastRefresh != 0 && clock.GetElapsedTime(_lastRefresh) < Refresh) return;
        _lastRefresh = clock.GetTimestamp();
        task.MaxValue = progress.Total;
        task.Value = progress.Done;
        task.Description = Markup.Escape($"{ProgressText.Of(progress, stepsPerSecond)} {ProgressText.TimeLeft(left)} left");
    }

    public void Epoch(EpochMetrics metrics, int epochs) => io.Say(ProgressText.Of(metrics, epochs));
}
