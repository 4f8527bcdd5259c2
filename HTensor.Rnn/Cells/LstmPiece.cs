using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>Hidden units [first, first + count) of an LSTM: their columns of U [H, 4 H] packed for both passes, and their rows of a step's blocks.</summary>
internal sealed class LstmPiece<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Gates = LstmLayer<T>.Gates;

    private readonly int _first, _count, _hidden;
    private readonly int[] _recurrentRows;
    private readonly AlignedBuffer<T> _forward, _backward;

    public LstmPiece(int first, int count, int hidden)
    {
        (_first, _count, _hidden) = (first, count, hidden);
        _recurrentRows = [.. Enumerable.Range(0, hidden).Select(i => i * Gates * hidden)];
        HiddenColumns = [.. Enumerable.Range(first, count)];
        GateColumns = [.. Enumerable.Range(0, Gates * count).Select(i => i / count * hidden + first + i % count)];
        _forward = new AlignedBuffer<T>(LaneProduct.PackedLength(hidden, Gates * count));
        _backward = new AlignedBuffer<T>(LaneProduct.PackedLength(Gates * hidden, count));
    }

    /// <summary>Rows of the piece's gates in [4 H].</summary>
    public int[] GateColumns { get; }

    /// <summary>Rows of the piece in [H].</summary>
    public int[] HiddenColumns { get; }

    /// <summary>U [H, gates of the piece], packed.</summary>
    public ReadOnlySpan<T> ForwardWeights => _forward.Span;

    /// <summary>U^T [4 H, units of the piece], packed.</summary>
    public ReadOnlySpan<T> BackwardWeights => _backward.Span;

    public void PackForward(ReadOnlySpan<T> recurrent) =>
        LaneProduct.Pack(new MatrixOperand<T>(recurrent, _recurrentRows, GateColumns), _hidden, GateColumns.Length, _forward.Span);

    public void PackBackward(ReadOnlySpan<T> recurrent) =>
        LaneProduct.Pack(new MatrixOperand<T>(recurrent[(_first * Gates * _hidden)..], 1, Gates * _hidden), Gates * _hidden, _count, _backward.Span);

    /// <summary>The piece's rows of one gate, from those of all gates.</summary>
    public Span<T> Gate(Span<T> gates, int gate) => gates.Slice((gate * _hidden + _first) * LaneBlock.Width, _count * LaneBlock.Width);

    /// <inheritdoc cref="Gate(Span{T}, int)"/>
    public ReadOnlySpan<T> Gate(ReadOnlySpan<T> gates, int gate) => gates.Slice((gate * _hidden + _first) * LaneBlock.Width, _count * LaneBlock.Width);

    /// <summary>The piece's rows, from those of all hidden units.</summary>
    public Span<T> Part(Span<T> hidden) => hidden.Slice(_first * LaneBlock.Width, _count * LaneBlock.Width);

    /// <inheritdoc cref="Part(Span{T})"/>
    public ReadOnlySpan<T> Part(ReadOnlySpan<T> hidden) => hidden.Slice(_first * LaneBlock.Width, _count * LaneBlock.Width);
}
