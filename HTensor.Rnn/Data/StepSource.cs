namespace HTensor.Rnn;

/// <summary>
/// Sequences that are stretches of one long row of frames, [rows, frame shape]: pieces one after another, or windows that overlap. What is to be
/// predicted of them is their own next frame, so they have no label.
/// </summary>
public sealed class StepSource : ISequenceSource
{
    private readonly ReadOnlyMemory<byte> _rows;
    private readonly Stretch[] _stretches;
    private readonly int _frameBytes;

    internal StepSource(ReadOnlyMemory<byte> rows, FrameElement element, int[] frameShape, Stretch[] stretches)
    {
        (_rows, _stretches, Element, FrameShape) = (rows, stretches, element, Array.AsReadOnly(frameShape));
        Steps = stretches.Max(stretch => stretch.Length);
        _frameBytes = SequenceExtent.FrameSizeOf(frameShape) * SequenceExtent.SizeOf(element);
        _ = new SequenceExtent(Steps, frameShape).SampleBytes(element);
    }

    public int Count => _stretches.Length;

    public int Steps { get; }

    public IReadOnlyList<int> FrameShape { get; }

    public FrameElement Element { get; }

    public int Length(int sample) => _stretches[sample].Length;

    public int Label(int sample) => 0;

    public int FirstPrediction(int sample) => _stretches[sample].Context;

    public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch)
    {
        var (start, length, _) = _stretches[sample];
        var bytes = _rows.Slice(start * _frameBytes, length * _frameBytes);
        if (length == Steps) return bytes;
        bytes.CopyTo(scratch);
        scratch[bytes.Length..(Steps * _frameBytes)].Span.Clear();
        return scratch[..(Steps * _frameBytes)];
    }

    /// <summary>Windows over rows [first, end), each with the row that its last prediction is of: with context, all but the first step over the rows that the one before has predicted.</summary>
    internal static IEnumerable<Stretch> Windows(int first, int end, int steps, int context)
    {
        for (var start = first; start + context + 1 < end || start == first; start += steps - context)
            yield return new Stretch(start, Math.Min(steps + 1, end - start), start == first ? 0 : context);
    }

    /// <summary>
    /// Rows [first, end) in so many streams, one after another and as long as each other, each with the row that its last prediction is of;
    /// all but the first begin with rows that the one before has predicted.
    /// </summary>
    internal static IEnumerable<Stretch> Streams(int first, int end, int count, int context)
    {
        var predictions = end - first - 1;
        var each = (predictions - 1) / count + 1;
        for (var start = first; start < end - 1; start += each)
        {
            var before = Math.Min(context, start - first);
            yield return new Stretch(start - before, before + Math.Min(each, end - 1 - start) + 1, before);
        }
    }

    /// <param name="Start">First row.</param>
    /// <param name="Length">Rows.</param>
    /// <param name="Context">Steps at its beginning whose predictions do not count.</param>
    internal readonly record struct Stretch(int Start, int Length, int Context);
}
