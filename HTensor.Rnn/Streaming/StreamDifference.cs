using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>Where a model reads differences of frames: z = W^T x of the frame before, for one sequence or sixteen in lanes.</summary>
/// <param name="rows">Values of z.</param>
/// <param name="width">Sequences: 1 or 16.</param>
internal sealed class StreamDifference(int rows, int width)
{
    private readonly AlignedBuffer<float> _before = new(checked(rows * width));
    private readonly bool[] _hasBefore = new bool[width];

    /// <summary>z - z of the frame before, 0 at a sequence's first frame.</summary>
    public void Apply(ReadOnlySpan<float> z, Span<float> differences)
    {
        for (var i = 0; i < z.Length; i++) differences[i] = _hasBefore[i % width] ? z[i] - _before.Span[i] : 0;
    }

    /// <summary>A sequence's z becomes the one before.</summary>
    public void Take(ReadOnlySpan<float> z, int lane)
    {
        for (var i = lane; i < z.Length; i += width) _before.Span[i] = z[i];
        _hasBefore[lane] = true;
    }

    public void Clear(int lane) => _hasBefore[lane] = false;
}
