using System.Runtime.InteropServices;

namespace HTensor.Rnn;

/// <summary>Sequences that lie in one array [samples, steps, frame shape] in memory.</summary>
public sealed class ArraySequenceSource : ISequenceSource
{
    private readonly ReadOnlyMemory<byte> _values;
    private readonly int[] _labels;
    private readonly int[] _lengths;
    private readonly int _sampleBytes;

    private ArraySequenceSource(ReadOnlyMemory<byte> values, FrameElement element, SequenceExtent extent, int[] labels, int[] lengths)
    {
        _labels = labels;
        _lengths = lengths;
        _sampleBytes = extent.SampleBytes(element);
        _values = SequencePadding.Cleared(values, _sampleBytes, extent.Steps, lengths);
        Element = element;
        Steps = extent.Steps;
        FrameShape = Array.AsReadOnly(extent.FrameShape);
    }

    public int Count => _labels.Length;

    public int Steps { get; }

    public IReadOnlyList<int> FrameShape { get; }

    public FrameElement Element { get; }

    public int Length(int sample) => _lengths[sample];

    public int Label(int sample) => _labels[sample];

    public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch) => _values.Slice(checked(sample * _sampleBytes), _sampleBytes);

    /// <summary>
    /// Sequences of bytes [samples, <paramref name="steps"/>, <paramref name="frameShape"/>]. The memory is kept, not copied, unless steps
    /// beyond a sample's length hold other values than 0: those are read as zeros.
    /// </summary>
    /// <param name="values">All values, row-major, last index fastest.</param>
    /// <param name="steps">Steps of each sample, padding included.</param>
    /// <param name="frameShape">Shape of one frame, one mode or more.</param>
    /// <param name="labels">Class of each sample, from 0; their number is the number of samples.</param>
    /// <param name="lengths">Valid steps of each sample, 1 to <paramref name="steps"/>; none given: all.</param>
    /// <exception cref="ArgumentException">A size, label or length does not fit.</exception>
    public static ArraySequenceSource FromBytes(
        ReadOnlyMemory<byte> values, int steps, IReadOnlyList<int> frameShape, IReadOnlyList<int> labels, IReadOnlyList<int>? lengths = null)
    {
        var extent = SequenceExtent.Validate(steps, frameShape, FrameElement.UInt8, labels, values.Length);
        return new ArraySequenceSource(values, FrameElement.UInt8, extent, CheckLabels(labels), CheckLengths(lengths, labels.Count, steps));
    }

    /// <summary>
    /// Sequences of floats [samples, <paramref name="steps"/>, <paramref name="frameShape"/>], copied. Steps beyond a sample's length are read as zeros.
    /// </summary>
    /// <param name="values">All values, row-major, last index fastest; finite within each sample's length.</param>
    /// <param name="steps">Steps of each sample, padding included.</param>
    /// <param name="frameShape">Shape of one frame, one mode or more.</param>
    /// <param name="labels">Class of each sample, from 0; their number is the number of samples.</param>
    /// <param name="lengths">Valid steps of each sample, 1 to <paramref name="steps"/>; none given: all.</param>
    /// <exception cref="ArgumentException">A size, label or length does not fit, or a value is NaN or infinite.</exception>
    public static ArraySequenceSource FromFloats(
        ReadOnlySpan<float> values, int steps, IReadOnlyList<int> frameShape, IReadOnlyList<int> labels, IReadOnlyList<int>? lengths = null)
    {
        var extent = SequenceExtent.Validate(steps, frameShape, FrameElement.Single, labels, values.Length);
        var checkedLengths = CheckLengths(lengths, labels.Count, steps);
        if (NonFinite.First(values, extent.FrameSize, steps, checkedLengths) is { } place)
            throw new ArgumentException($"values: {place}: expected a finite number, found {values[place.Index]}", nameof(values));
        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        return new ArraySequenceSource(bytes, FrameElement.Single, extent, CheckLabels(labels), checkedLengths);
    }

    /// <summary>Over arrays that the caller has validated.</summary>
    internal static ArraySequenceSource Over(ReadOnlyMemory<byte> values, FrameElement element, SequenceExtent extent, int[] labels, int[] lengths) =>
        new(values, element, extent, labels, lengths);

    private static int[] CheckLabels(IReadOnlyList<int> labels)
    {
        for (var i = 0; i < labels.Count; i++)
            if (labels[i] < 0) throw new ArgumentException($"label of sample {i}: expected 0 or more, found {labels[i]}", nameof(labels));
        return [.. labels];
    }

    private static int[] CheckLengths(IReadOnlyList<int>? lengths, int count, int steps)
    {
        if (lengths is null)
        {
            var all = new int[count];
            Array.Fill(all, steps);
            return all;
        }

        if (lengths.Count != count)
            throw new ArgumentException($"lengths: expected one a sample, {count}, found {lengths.Count}", nameof(lengths));
        for (var i = 0; i < count; i++)
            if (lengths[i] < 1 || lengths[i] > steps)
                throw new ArgumentException($"length of sample {i}: expected 1 to {steps}, found {lengths[i]}", nameof(lengths));
        return [.. lengths];
    }
}
