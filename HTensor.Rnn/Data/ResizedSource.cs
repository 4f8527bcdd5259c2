using System.Runtime.InteropServices;

namespace HTensor.Rnn;

/// <summary>
/// Frames of another source, [height, width] or [height, width, channels], enlarged or shrunk by bilinear interpolation with half-pixel
/// centres as they are read. Bytes stay bytes (weights to 1/2048, rounded to the nearest), floats stay floats. Shrinking does not smooth first.
/// Nothing is kept of a frame; reading allocates nothing once every reading thread has had its scratch.
/// </summary>
public sealed class ResizedSource : ISequenceSource
{
    private readonly ISequenceSource _source;
    private readonly BilinearAxis _rows;
    private readonly BilinearAxis _columns;
    private readonly int _channels;
    private readonly int _sourceWidth;
    private readonly int _frameBytes;
    private readonly int _sourceFrameBytes;
    private readonly Stack<Scratch> _idle = new();

    /// <summary>Frames of <paramref name="source"/> brought to <paramref name="height"/> rows of <paramref name="width"/> pixels.</summary>
    /// <exception cref="ArgumentException">Its frames are no images, or a size is below 1 or gives a sample too large for an array.</exception>
    public ResizedSource(ISequenceSource source, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        var shape = source.FrameShape;
        if (shape.Count is not (2 or 3))
            throw new ArgumentException($"resize: expected frames [height, width] or [height, width, channels], found [{string.Join(", ", shape)}]", nameof(source));
        _source = source;
        _channels = shape.Count == 3 ? shape[2] : 1;
        _sourceWidth = shape[1];
        var elementSize = SequenceExtent.SizeOf(source.Element);
        var sampleBytes = (Int128)source.Steps * height * width * _channels * elementSize;
        if (sampleBytes > Array.MaxLength)
            throw new ArgumentException($"resize to {width}x{height}: expected at most {Array.MaxLength} bytes a sample, found {sampleBytes}", nameof(width));
        _frameBytes = height * width * _channels * elementSize;
        _sourceFrameBytes = SequenceExtent.FrameSizeOf(shape) * elementSize;
        _rows = new BilinearAxis(shape[0], height);
        _columns = new BilinearAxis(shape[1], width);
        int[] resized = shape.Count == 3 ? [height, width, shape[2]] : [height, width];
        FrameShape = Array.AsReadOnly(resized);
    }

    public int Count => _source.Count;

    public int Steps => _source.Steps;

    public IReadOnlyList<int> FrameShape { get; }

    public FrameElement Element => _source.Element;

    public int Length(int sample) => _source.Length(sample);

    public int Label(int sample) => _source.Label(sample);

    public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch)
    {
        var bytes = Steps * _frameBytes;
        if (scratch.Length < bytes)
            throw new ArgumentException($"scratch: expected {bytes} bytes or more, found {scratch.Length}", nameof(scratch));
        var own = Rent();
        try
        {
            var frames = _source.Read(sample, own.Sample).Span;
            var length = Length(sample);
            for (var step = 0; step < length; step++)
                Resize(frames.Slice(step * _sourceFrameBytes, _sourceFrameBytes), scratch.Span.Slice(step * _frameBytes, _frameBytes), own);
            scratch.Span[(length * _frameBytes)..bytes].Clear();
        }
        finally
        {
            lock (_idle) _idle.Push(own);
        }

        return scratch[..bytes];
    }

    private void Resize(ReadOnlySpan<byte> source, Span<byte> destination, Scratch own)
    {
        if (Element == FrameElement.UInt8)
        {
            Bilinear.Resize<BilinearBytes, byte, uint>(source, destination, _sourceWidth, _channels, _rows, _columns, own.ByteAbove, own.ByteBelow);
            return;
        }

        Bilinear.Resize<BilinearSingles, float, double>(
            MemoryMarshal.Cast<byte, float>(source), MemoryMarshal.Cast<byte, float>(destination),
            _sourceWidth, _channels, _rows, _columns, own.SingleAbove, own.SingleBelow);
    }

    private Scratch Rent()
    {
        lock (_idle)
        {
            if (_idle.TryPop(out var idle)) return idle;
        }

        return new Scratch(Element, Steps * _sourceFrameBytes, _columns.Length * _channels);
    }

    /// <summary>One reader's memory: a sample of the inner source and two rows between the passes.</summary>
    private sealed class Scratch(FrameElement element, int sampleBytes, int row)
    {
        public byte[] Sample { get; } = new byte[sampleBytes];

        public uint[] ByteAbove { get; } = element == FrameElement.UInt8 ? new uint[row] : [];

        public uint[] ByteBelow { get; } = element == FrameElement.UInt8 ? new uint[row] : [];

        public double[] SingleAbove { get; } = element == FrameElement.Single ? new double[row] : [];

        public double[] SingleBelow { get; } = element == FrameElement.Single ? new double[row] : [];
    }
}
