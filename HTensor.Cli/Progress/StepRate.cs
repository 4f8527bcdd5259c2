namespace HTensor.Cli;

/// <summary>Steps a second since training began, and the time that the rest takes at that rate.</summary>
internal sealed class StepRate(TimeProvider clock)
{
    private long _start;
    private long _doneAtStart = -1;

    /// <summary>The first step is where counting begins: it compiles and warms up, and a resumed run does not start at 0.</summary>
    public (double StepsPerSecond, TimeSpan Left) After(in StepProgress progress)
    {
        if (_doneAtStart < 0)
        {
            _start = clock.GetTimestamp();
            _doneAtStart = progress.Done;
        }

        var seconds = clock.GetElapsedTime(_start).TotalSeconds;
        var done = progress.Done - _doneAtStart;
        if (done <= 0 || seconds <= 0) return (0, TimeSpan.Zero);
        var left = Math.Min(seconds / done * (progress.Total - progress.Done), TimeSpan.MaxValue.TotalSeconds / 2);
        return (done / seconds, TimeSpan.FromSeconds(left));
    }
}
