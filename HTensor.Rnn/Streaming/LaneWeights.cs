using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>A dense W [rows, columns] for sixteen sequences in lanes, some neighbouring columns packed at a time.</summary>
internal sealed class LaneWeights : IRecurrentWeights
{
    private static readonly int[] Here = [0];

    private readonly int[] _rows, _columns;
    private readonly int _group, _packedGroup;
    private readonly AlignedBuffer<float> _packed;

    /// <param name="weights">W.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="group">Columns that are asked for together, or a part of those: a divisor of the columns.</param>
    public LaneWeights(ReadOnlySpan<float> weights, int rows, int columns, int group)
    {
        (_rows, _columns, _group) = ([.. Enumerable.Range(0, rows)], [.. Enumerable.Range(0, group)], group);
        _packedGroup = LaneProduct.PackedLength(rows, group);
        _packed = new AlignedBuffer<float>(checked(_packedGroup * (columns / group)));
        for (var first = 0; first < columns; first += group)
            LaneProduct.Pack(new MatrixOperand<float>(weights[first..], columns, 1), rows, group, _packed.Slice(first / group * _packedGroup, _packedGroup));
    }

    public void Add(ReadOnlySpan<float> source, Span<float> gates, int first, int count)
    {
        for (var gate = first; gate < first + count; gate++) Multiply(gate, source, gates.Slice(gate * _group * LaneBlock.Width, _group * LaneBlock.Width), Accumulation.Add);
    }

    /// <summary>y (+)= W^T x for the columns of a group: x [rows, 16], y [group, 16].</summary>
    public void Multiply(int group, ReadOnlySpan<float> x, Span<float> y, Accumulation accumulation) =>
        LaneProduct.Multiply<float>(_packed.Slice(group * _packedGroup, _packedGroup), x, Here, _rows, y, Here, _columns, accumulation);
}
