using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// One product of the chain that carries the samples: activation times a weight node. Offsets count blocks of sixteen samples on the
/// activation's side and elements on the weight's.
/// </summary>
internal sealed class LaneStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _batchIn, _rowIn, _depthIn, _batchOut, _rowOut, _columnOut;
    private readonly int[] _weightTile, _weightBatch, _weightDepth, _weightColumn;
    private readonly AlignedBuffer<T> _forward, _backward;

    /// <param name="weightNode">Node of the weight.</param>
    /// <param name="weight">Its layout.</param>
    /// <param name="input">Layout of the activation, one tile of it.</param>
    /// <param name="output">Layout of the result.</param>
    /// <param name="size">Mode sizes within a tile.</param>
    /// <param name="tileOffsets">Where the weight's slice of each tile starts; a single 0 where all tiles share the weight.</param>
    public LaneStep(int weightNode, ModeLayout weight, ModeLayout input, ModeLayout output, Func<int, int> size, int[] tileOffsets)
    {
        WeightNode = weightNode;
        var batch = input.Modes.Where(mode => weight.Has(mode) && output.Has(mode)).ToArray();
        var rows = input.Modes.Where(mode => !weight.Has(mode)).ToArray();
        var depth = input.Modes.Where(mode => weight.Has(mode) && !output.Has(mode)).ToArray();
        var columns = weight.Modes.Where(mode => !input.Has(mode)).ToArray();
        (_batchIn, _rowIn, _depthIn) = (input.Offsets(batch, size), input.Offsets(rows, size), input.Offsets(depth, size));
        (_batchOut, _rowOut, _columnOut) = (output.Offsets(batch, size), output.Offsets(rows, size), output.Offsets(columns, size));
        (_weightBatch, _weightDepth, _weightColumn) = (weight.Offsets(batch, size), weight.Offsets(depth, size), weight.Offsets(columns, size));
        _weightTile = tileOffsets;
        (InputLength, OutputLength, WeightLength) = (input.Length, output.Length, weight.Length);
        _forward = new AlignedBuffer<T>(Slices * ForwardLength);
        _backward = new AlignedBuffer<T>(Slices * BackwardLength);
    }

    public int WeightNode { get; }

    public int WeightLength { get; }

    /// <summary>Blocks of one tile of the activation.</summary>
    public int InputLength { get; }

    /// <summary>Blocks of the result.</summary>
    public int OutputLength { get; }

    /// <summary>Elements of the weight's gradient while samples are still apart.</summary>
    public int LaneGradientLength => Slices * SliceLength * LaneBlock.Width;

    private int Depth => _depthIn.Length;

    /// <summary>Columns of the weight: what the step adds to each row.</summary>
    public int Columns => _columnOut.Length;

    private int Slices => _weightTile.Length * _weightBatch.Length;

    private int SliceLength => Depth * Columns;

    private int ForwardLength => LaneProduct.PackedLength(Depth, Columns);

    private int BackwardLength => LaneProduct.PackedLength(Columns, Depth);

    /// <summary>Packs the weight for <see cref="Forward"/> and <see cref="Backward"/>; once for all units.</summary>
    public void Pack(ReadOnlySpan<T> weight)
    {
        for (var slice = 0; slice < Slices; slice++)
        {
            var operand = new MatrixOperand<T>(weight[SliceOffset(slice)..], _weightDepth, _weightColumn);
            LaneProduct.Pack(operand, Depth, Columns, _forward.Slice(slice * ForwardLength, ForwardLength));
            LaneProduct.Pack(operand.Transposed, Columns, Depth, _backward.Slice(slice * BackwardLength, BackwardLength));
        }
    }

    /// <summary>output (+)= W input for one tile.</summary>
    public void Forward(int tile, ReadOnlySpan<T> input, Span<T> output, Accumulation accumulation)
    {
        for (var b = 0; b < _weightBatch.Length; b++)
        {
            LaneProduct.Multiply(_forward.Slice(Slice(tile, b) * ForwardLength, ForwardLength), From(input, _batchIn[b]), _rowIn, _depthIn,
                From(output, _batchOut[b]), _rowOut, _columnOut, accumulation);
        }
    }

    /// <summary>inputGradient = W^T outputGradient for one tile.</summary>
    public void Backward(int tile, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        for (var b = 0; b < _weightBatch.Length; b++)
        {
            LaneProduct.Multiply(_backward.Slice(Slice(tile, b) * BackwardLength, BackwardLength), From(outputGradient, _batchOut[b]), _rowOut, _columnOut,
                From(inputGradient, _batchIn[b]), _rowIn, _depthIn, Accumulation.Overwrite);
        }
    }

    /// <summary>laneGradient += input outputGradient^T for one tile, samples apart.</summary>
    public void WeightGradient(int tile, ReadOnlySpan<T> input, ReadOnlySpan<T> outputGradient, Span<T> laneGradient)
    {
        var length = SliceLength * LaneBlock.Width;
        for (var b = 0; b < _weightBatch.Length; b++)
        {
            LaneProduct.WeightGradient(From(input, _batchIn[b]), _rowIn, _depthIn, From(outputGradient, _batchOut[b]), _rowOut, _columnOut,
                laneGradient.Slice(Slice(tile, b) * length, length));
        }
    }

    /// <summary>Sums the lanes of the weight's gradient and writes it in the weight's own layout; <paramref name="scratch"/> holds one row.</summary>
    public void SumGradient(ReadOnlySpan<T> laneGradient, Span<T> gradient, Span<T> scratch)
    {
        var row = scratch[..Columns];
        for (var slice = 0; slice < Slices; slice++)
        {
            for (var k = 0; k < Depth; k++)
            {
                var first = (slice * SliceLength + k * Columns) * LaneBlock.Width;
                LaneProduct.SumLanes(laneGradient.Slice(first, Columns * LaneBlock.Width), row);
                var origin = SliceOffset(slice) + _weightDepth[k];
                for (var n = 0; n < Columns; n++) gradient[origin + _weightColumn[n]] = row[n];
            }
        }
    }

    private static ReadOnlySpan<T> From(ReadOnlySpan<T> blocks, int first) => blocks[(first * LaneBlock.Width)..];

    private static Span<T> From(Span<T> blocks, int first) => blocks[(first * LaneBlock.Width)..];

    private int Slice(int tile, int batch) => (_weightTile.Length == 1 ? 0 : tile) * _weightBatch.Length + batch;

    private int SliceOffset(int slice) => _weightTile[slice / _weightBatch.Length] + _weightBatch[slice % _weightBatch.Length];
}
