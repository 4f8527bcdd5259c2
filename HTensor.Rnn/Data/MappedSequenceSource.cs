using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>Sequences that lie in a file, mapped and not read: a set may be larger than memory.</summary>
internal sealed class MappedSequenceSource : ISequenceSource
{
    private const int LargestPiece = 1 << 30;

    private readonly MappedArray _values;
    private readonly int[] _labels, _lengths;
    private readonly int _sampleBytes, _frameBytes, _samplesAPiece;

    public MappedSequenceSource(StoredArray values, FrameElement element, SequenceExtent extent, int[] labels, int[] lengths)
    {
        (_labels, _lengths, _sampleBytes) = (labels, lengths, extent.SampleBytes(element));
        (Element, Steps, FrameShape, _frameBytes) = (element, extent.Steps, Array.AsReadOnly(extent.FrameShape), _sampleBytes / extent.Steps);
        _samplesAPiece = Math.Max(1, LargestPiece / _sampleBytes);
        _values = new MappedArray(values, _samplesAPiece * _sampleBytes);
    }

    public int Count => _labels.Length;

    public int Steps { get; }

    public IReadOnlyList<int> FrameShape { get; }

    public FrameElement Element { get; }

    public int Length(int sample) => _lengths[sample];

    public int Label(int sample) => _labels[sample];

    public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch)
    {
        var stored = _values.Piece(sample / _samplesAPiece).Slice(sample % _samplesAPiece * _sampleBytes, _sampleBytes);
        if (_lengths[sample] == Steps) return stored;
        // What the file holds behind a sample's length is not known to be zero.
        var valid = _lengths[sample] * _frameBytes;
        stored[..valid].CopyTo(scratch);
        scratch.Span[valid.._sampleBytes].Clear();
        return scratch[.._sampleBytes];
    }
}
