using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// The product of a step with some neighbouring gates' columns of U [H, gates H], both ways, packed piece by piece. Gate g has rows g H to
/// (g + 1) H of a unit's gate blocks, of which there may be more than U has columns.
/// </summary>
internal sealed class RecurrentProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly int[] OneRow = [0];
    private static readonly int[] OneBlock = [.. Enumerable.Range(0, LaneBlock.Width)];

    private readonly int _hidden, _columns, _firstColumn, _depth;
    private readonly int[] _hiddenBlocks, _gateBlocks, _recurrentRows, _hiddenRows, _recurrentColumns;
    private readonly Piece[] _pieces;

    /// <param name="pieces">Of the hidden units.</param>
    /// <param name="gates">Gates of U.</param>
    /// <param name="first">The first gate that takes part.</param>
    /// <param name="count">How many do.</param>
    public RecurrentProduct(UnitRange[] pieces, int gates, int first, int count)
    {
        _hidden = pieces[0].Hidden;
        (_columns, _firstColumn, _depth) = (gates * _hidden, first * _hidden, count * _hidden);
        (_hiddenBlocks, _gateBlocks) = (Table(0, _hidden, 1), Table(_firstColumn, _depth, 1));
        (_recurrentRows, _hiddenRows) = (Table(0, _hidden, _columns), Table(0, _hidden, LaneBlock.Width));
        _recurrentColumns = Table(_firstColumn, _depth, LaneBlock.Width);
        _pieces = [.. pieces.Select(piece => new Piece(piece, first, count))];
    }

    /// <summary>Packs U for the forward pass, and for training for the backward pass too.</summary>
    public void Pack(UnitRange range, ReadOnlySpan<T> recurrent, TapePurpose purpose)
    {
        var piece = _pieces[range.Index];
        LaneProduct.Pack(new MatrixOperand<T>(recurrent, _recurrentRows, piece.GateColumns), _hidden, piece.GateColumns.Length, piece.Forward.Span);
        if (purpose == TapePurpose.Training)
            LaneProduct.Pack(new MatrixOperand<T>(recurrent[(range.First * _columns + _firstColumn)..], 1, _columns), _depth, range.Count, piece.Backward.Span);
    }

    /// <summary>gates += U^T source, the piece's rows.</summary>
    public void Add(UnitRange range, ReadOnlySpan<T> source, Span<T> gates)
    {
        var piece = _pieces[range.Index];
        LaneProduct.Multiply<T>(piece.Forward.Span, source, OneRow, _hiddenBlocks, gates, OneRow, piece.GateColumns, Accumulation.Add);
    }

    /// <summary>sourceGradient += U gateGradient, the piece's rows.</summary>
    public void AddAdjoint(UnitRange range, ReadOnlySpan<T> gateGradient, Span<T> sourceGradient)
    {
        var piece = _pieces[range.Index];
        LaneProduct.Multiply<T>(piece.Backward.Span, gateGradient, OneRow, _gateBlocks, sourceGradient, OneRow, piece.HiddenColumns, Accumulation.Add);
    }

    /// <summary>dU = sum over samples and steps of source gateGradient^T, these gates' columns.</summary>
    /// <param name="batch">Groups, steps and lengths.</param>
    /// <param name="sources">[units, H, 16].</param>
    /// <param name="gradients">[units, rows, 16].</param>
    /// <param name="steps">Which step's source goes with which step's gradient.</param>
    /// <param name="first">Sources of each group's first step, [groups, any units, H, 16]; empty where there is nothing before it.</param>
    /// <param name="recurrent">dU [H, gates H].</param>
    /// <param name="team">Threads.</param>
    public void WeightGradient(
        ISequenceBatch batch, ReadOnlySpan<T> sources, ReadOnlySpan<T> gradients, StepTables steps, ReadOnlySpan<T> first, Span<T> recurrent, ThreadTeam team)
    {
        var accumulation = Accumulation.Overwrite;
        var destination = recurrent[_firstColumn..];
        for (var group = 0; group < batch.Groups; group++)
        {
            var own = LaneBlock.Unit(gradients, group, batch.Steps * steps.Rows);
            if (!first.IsEmpty && batch.LongestLength(group) > 0)
            {
                var source = LaneBlock.Unit(first, group, first.Length / (batch.Groups * LaneBlock.Width));
                Add(new MatrixOperand<T>(source, _hiddenRows, OneBlock), new MatrixOperand<T>(own, OneBlock, _recurrentColumns), LaneBlock.Width, destination);
            }

            var samples = (batch.LongestLength(group) - 1) * LaneBlock.Width;
            if (samples <= 0) continue;
            Add(new MatrixOperand<T>(LaneBlock.Unit(sources, group, batch.Steps * _hidden), _hiddenRows, steps.Sources.AsSpan(0, samples)),
                new MatrixOperand<T>(own, steps.Gradients.AsSpan(0, samples), _recurrentColumns), samples, destination);
        }

        if (accumulation == Accumulation.Add) return;
        for (var row = 0; row < _hidden; row++) destination.Slice(row * _columns, _depth).Clear();

        void Add(in MatrixOperand<T> source, in MatrixOperand<T> gradient, int samples, Span<T> to)
        {
            Gemm.Multiply(_hidden, _depth, samples, source, gradient, to, _columns, 1, accumulation, team);
            accumulation = Accumulation.Add;
        }
    }

    private static int[] Table(int first, int count, int stride) => [.. Enumerable.Range(first, count).Select(i => i * stride)];

    private sealed class Piece
    {
        public Piece(UnitRange range, int first, int count)
        {
            HiddenColumns = [.. Enumerable.Range(range.First, range.Count)];
            GateColumns = [.. Enumerable.Range(0, count * range.Count).Select(i => (first + i / range.Count) * range.Hidden + range.First + i % range.Count)];
            Forward = new AlignedBuffer<T>(LaneProduct.PackedLength(range.Hidden, count * range.Count));
            Backward = new AlignedBuffer<T>(LaneProduct.PackedLength(count * range.Hidden, range.Count));
        }

        /// <summary>Rows of the piece's gates among all gates.</summary>
        public int[] GateColumns { get; }

        /// <summary>Rows of the piece in [H].</summary>
        public int[] HiddenColumns { get; }

        public AlignedBuffer<T> Forward { get; }

        public AlignedBuffer<T> Backward { get; }
    }
}
