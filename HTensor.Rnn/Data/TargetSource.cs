namespace HTensor.Rnn;

/// <summary>The sequences of another source with numbers to predict of each.</summary>
public sealed class TargetSource : ITargetSource
{
    private readonly ISequenceSource _source;
    private readonly float[] _targets;

    /// <param name="source">The sequences; their labels are not looked at.</param>
    /// <param name="targets">[samples, numbers], row-major, finite; copied.</param>
    /// <param name="count">Numbers of a sample.</param>
    /// <exception cref="ArgumentException">There are not as many numbers, or one is not finite.</exception>
    public TargetSource(ISequenceSource source, ReadOnlySpan<float> targets, int count)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (targets.Length != (long)source.Count * count) throw new ArgumentException($"targets: expected {count} for each of {source.Count} samples, found {targets.Length} in all", nameof(targets));
        for (var i = 0; i < targets.Length; i++)
            if (!float.IsFinite(targets[i])) throw new ArgumentException($"target {i % count} of sample {i / count}: expected a finite number, found {targets[i]}", nameof(targets));
        (_source, _targets, TargetCount) = (source, targets.ToArray(), count);
    }

    public int Count => _source.Count;

    public int Steps => _source.Steps;

    public IReadOnlyList<int> FrameShape => _source.FrameShape;

    public FrameElement Element => _source.Element;

    public int TargetCount { get; }

    public int Length(int sample) => _source.Length(sample);

    public int Label(int sample) => 0;

    public float Target(int sample, int index) => _targets[sample * TargetCount + index];

    public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch) => _source.Read(sample, scratch);
}
