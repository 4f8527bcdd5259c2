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
    private readonly int[] _weightBatch, _weightDepth, _weightColumn;
    private readonly AlignedBuffer<T> _forward, _backward;

    /// <param name="weightNode">Node of the weight.</param>
    /// <param name="weight">Its layout.</param>
    /// <param name="input">Layout of the activation, one tile of it.</param>
    /// <param name="output">Layout of the result.</param>
    /// <param name="size">Mode sizes within a tile.</param>
    public LaneStep(int weightNode, ModeLayout weight, ModeLayout input, ModeLayout output, Func<int, int> size)
    {
        WeightNode = weightNode;
        var batch = input.Modes.Where(mode => weight.Has(mode) && output.Has(mode)).ToArray();
        var rows = input.Modes.Where(mode => !weight.Has(mode)).ToArray();
        var depth = input.Modes.Where(mode => weight.Has(mode) && !output.Has(mode)).ToArray();
        var columns = weight.Modes.Where(mode => !input.Has(mode)).ToArray();
        (_batchIn, _rowIn, _depthIn) = (input.Offsets(batch, size), input.Offsets(rows, size), input.Offsets(depth, size));
        (_batchOut, _rowOut, _columnOut) = (output.Offsets(batch, size), output.Offsets(rows, size), output.Offsets(columns, size));
        (_weightBatch, _weightDepth, _weightColumn) = (weight.Offsets(batch, size), weight.Offsets(depth, size), weight.Offsets(columns, size));
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

    /// <summary>Elements of the weight that the step uses; while samples are still apart, blocks of its gradient.</summary>
    public int GradientLength => Slices * SliceLength;

    private int Depth => _depthIn.Length;

    private int Columns => _columnOut.Length;

    private int Slices => _weightBatch.Length;

    private int SliceLength => Depth * Columns;

    private int ForwardLength => LaneProduct.PackedLength(Depth, Columns);

    private int BackwardLength => LaneProduct.PackedLength(Columns, Depth);

    /// <summary>Packs the weight for <see cref="Forward"/> and <see cref="Backward"/>; once for all units.</summary>
    public void Pack(ReadOnlySpan<T> weight)
    {
        for (var slice = 0; slice < Slices; slice++)
        {
            var operand = new MatrixOperand<T>(weight[_weightBatch[slice]..], _weightDepth, _weightColumn);
            LaneProduct.Pack(operand, Depth, Columns, _forward.Slice(slice * ForwardLength, ForwardLength));
            LaneProduct.Pack(operand.Transposed, Columns, Depth, _backward.Slice(slice * BackwardLength, BackwardLength));
        }
    }

    /// <summary>output = W input.</summary>
    public void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        for (var b = 0; b < _weightBatch.Length; b++)
        {
            LaneProduct.Multiply(_forward.Slice(b * ForwardLength, ForwardLength), From(input, _batchIn[b]), _rowIn, _depthIn,
                From(output, _batchOut[b]), _rowOut, _columnOut, Accumulation.Overwrite);
        }
    }

    /// <summary>inputGradient = W^T outputGradient.</summary>
    public void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        for (var b = 0; b < _weightBatch.Length; b++)
        {
            LaneProduct.Multiply(_backward.Slice(b * BackwardLength, BackwardLength), From(outputGradient, _batchOut[b]), _rowOut, _columnOut,
                From(inputGradient, _batchIn[b]), _rowIn, _depthIn, Accumulation.Overwrite);
        }
    }

    /// <summary>laneGradient += input outputGradient^T, samples apart.</summary>
    public void WeightGradient(ReadOnlySpan<T> input, ReadOnlySpan<T> outputGradient, Span<T> laneGradient)
    {
        var length = SliceLength * LaneBlock.Width;
        for (var b = 0; b < _weightBatch.Length; b++)
        {
            LaneProduct.WeightGradient(From(input, _batchIn[b]), _rowIn, _depthIn, From(outputGradient, _batchOut[b]), _rowOut, _columnOut,
                laneGradient.Slice(b * length, length));
        }
    }

    /// <summary>Writes the weight's gradient, samples summed, in the weight's own layout.</summary>
    public void Scatter(ReadOnlySpan<T> sums, Span<T> gradient)
    {
        var position = 0;
        foreach (var b in _weightBatch)
        {
            foreach (var k in _weightDepth)
            {
                foreach (var n in _weightColumn) gradient[b + k + n] = sums[position++];
            }
        }
    }

    private static ReadOnlySpan<T> From(ReadOnlySpan<T> blocks, int first) => blocks[(first * LaneBlock.Width)..];

    private static Span<T> From(Span<T> blocks, int first) => blocks[(first * LaneBlock.Width)..];
}
