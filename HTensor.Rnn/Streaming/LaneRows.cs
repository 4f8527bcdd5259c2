using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>A dense weight W [rows, columns], packed once, over samples in lanes: y[n] (+)= sum_k W[k, n] x[k].</summary>
internal sealed class LaneRows
{
    private static readonly int[] Here = [0];

    private readonly int[] _rows, _columns;
    private readonly AlignedBuffer<float> _packed;

    public LaneRows(ReadOnlySpan<float> weights, int rows, int columns)
    {
        (_rows, _columns) = ([.. Enumerable.Range(0, rows)], [.. Enumerable.Range(0, columns)]);
        _packed = new AlignedBuffer<float>(LaneProduct.PackedLength(rows, columns));
        LaneProduct.Pack(new MatrixOperand<float>(weights, columns, 1), rows, columns, _packed.Span);
    }

    /// <summary>x [rows, 16], y [columns, 16].</summary>
    public void Multiply(ReadOnlySpan<float> x, Span<float> y, Accumulation accumulation) =>
        LaneProduct.Multiply<float>(_packed.Span, x, Here, _rows, y, Here, _columns, accumulation);
}
