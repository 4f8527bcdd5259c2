namespace HTensor.Rnn;

/// <summary>Durations of the first <see cref="Most"/> steps. Room for them is made at the start, so that a step allocates nothing.</summary>
internal sealed class StepTimes(long steps)
{
    public const int Most = 1 << 16;
    private const int WarmUp = 10;

    private readonly double[] _milliseconds = new double[long.Min(steps, Most)];
    private int _count;

    /// <summary>The median without the first ten, which are compiled and warmed; of all where there are no more than those; 0 of none.</summary>
    public double MedianMilliseconds
    {
        get
        {
            var times = _milliseconds[(_count > WarmUp ? WarmUp : 0).._count];
            Array.Sort(times);
            return times.Length == 0 ? 0 : (times[(times.Length - 1) / 2] + times[times.Length / 2]) / 2;
        }
    }

    public void Add(TimeSpan time)
    {
        if (_count < _milliseconds.Length) _milliseconds[_count++] = time.TotalMilliseconds;
    }
}
