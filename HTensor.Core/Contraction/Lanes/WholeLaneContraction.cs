using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// One large product for all units together: the dense matrix, or one that the plan rebuilds from its cores. The features stream through
/// in slices; blocks of the active units are set side by side, [features, active samples], so that the product reads and writes whole rows.
/// </summary>
internal sealed class WholeLaneContraction<T> : ILaneContraction<T>, IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int SliceElements = 1 << 19;
    private const int LargestSlice = 10;

    /// <summary>Slices are whole blocks of the order in which Gemm sums, so that a sample's bits do not depend on how many there are.</summary>
    private const int DepthBlock = 384;

    /// <summary>Features that are read at a time, before their blocks are spread.</summary>
    private const int Strip = 64;

    private readonly ContractionExecutor<T> _weights;
    private readonly int _weightNode, _features, _outputs, _sliceLength;
    private readonly int[] _weightRows, _weightColumns, _outputBlocks, _active;
    private readonly AlignedBuffer<T> _slice, _result;
    private AlignedBuffer<T>[] _strips = [];

    private ILaneInput<T> _input = null!;
    private Memory<T> _destination;
    private ReadOnlyMemory<T> _outputGradient;
    private int _first, _count, _activeCount;
    private Copying _copying;

    public WholeLaneContraction(ContractionPlan plan, ContractionExecutor<T> weights, int weightNode, ModeLayout output, int units)
    {
        (_weights, _weightNode) = (weights, weightNode);
        var network = plan.Network;
        int Size(int mode) => network.Sizes[mode];
        var weight = weights.Layout(weightNode);
        int[] inputs = [.. network.OperandModes(network.Operands.Count - 1).Skip(1)];
        int[] outputs = [.. network.ResultModes.Skip(1)];
        (_weightRows, _weightColumns) = (weight.Offsets(inputs, Size), weight.Offsets(outputs, Size));
        (_features, _outputs) = (_weightRows.Length, _weightColumns.Length);
        _outputBlocks = output.Offsets(outputs, Size);
        _sliceLength = Math.Min(_features, DepthBlock * Math.Clamp(SliceElements / (units * LaneBlock.Width * DepthBlock), 1, LargestSlice));
        _slice = new AlignedBuffer<T>(checked(units * _sliceLength * LaneBlock.Width));
        _result = new AlignedBuffer<T>(checked(units * _outputs * LaneBlock.Width));
        _active = new int[units];
    }

    private enum Copying
    {
        InputToSlice,
        ResultToOutput,
        OutputGradientToResult,
        SliceToInputGradient,
    }

    private int Samples => _activeCount * LaneBlock.Width;

    /// <summary>Elements from row to row; never 0, which a product would refuse, even when no unit is active.</summary>
    private int Stride => Math.Max(1, Samples);

    public void Bind(int core, Memory<T> value, Memory<T> gradient) => _weights.Bind(core, value, gradient);

    public void UpdateWeights(ThreadTeam team) => _weights.Forward(team);

    /// <summary>Y[m, s] = sum_k W[k, m] X[k, s], slice by slice of k.</summary>
    public void Forward(ILaneInput<T> input, Memory<T> output, ThreadTeam team)
    {
        LaneGuard.Blocks(output.Length, _active.Length, _outputs, nameof(output));
        FindActive(input);
        for (_first = 0; _first < _features; _first += _sliceLength)
        {
            Copy(Copying.InputToSlice, team);
            var weight = new MatrixOperand<T>(_weights.Value(_weightNode), _weightColumns, _weightRows.AsSpan(_first, _count));
            Gemm.Multiply(_outputs, Samples, _count, weight, Rows(_slice), _result.Span, Stride, 1, _first == 0 ? Accumulation.Overwrite : Accumulation.Add, team);
        }

        _destination = output;
        Copy(Copying.ResultToOutput, team);
    }

    /// <summary>dW[k, m] = sum_s X[k, s] dY[m, s]; dX[k, s] = sum_m W[k, m] dY[m, s].</summary>
    public void Backward(ILaneInput<T> input, ReadOnlyMemory<T> outputGradient, Memory<T> inputGradient, ThreadTeam team)
    {
        LaneGuard.Blocks(outputGradient.Length, _active.Length, _outputs, nameof(outputGradient));
        if (!inputGradient.IsEmpty) LaneGuard.Blocks(inputGradient.Length, _active.Length, _features, nameof(inputGradient));
        FindActive(input);
        (_outputGradient, _destination) = (outputGradient, inputGradient);
        Copy(Copying.OutputGradientToResult, team);
        var weightGradient = _weights.Gradient(_weightNode);
        for (_first = 0; _first < _features; _first += _sliceLength)
        {
            _count = Math.Min(_sliceLength, _features - _first);
            var rows = _weightRows.AsSpan(_first, _count);
            if (!weightGradient.IsEmpty)
            {
                Copy(Copying.InputToSlice, team);
                Gemm.Multiply(_count, _outputs, Samples, Rows(_slice), Rows(_result).Transposed, weightGradient, rows, _weightColumns, Accumulation.Overwrite, team);
            }

            if (inputGradient.IsEmpty) continue;
            var weight = new MatrixOperand<T>(_weights.Value(_weightNode), rows, _weightColumns);
            Gemm.Multiply(_count, Samples, _outputs, weight, Rows(_result), _slice.Span, Stride, 1, Accumulation.Overwrite, team);
            Copy(Copying.SliceToInputGradient, team);
        }

        _weights.Backward(team);
    }

    /// <summary>Moves the blocks of one active unit.</summary>
    public void Run(int index, int worker)
    {
        var unit = _active[index];
        switch (_copying)
        {
            case Copying.InputToSlice: Read(index, unit, _strips[worker].Span); break;
            case Copying.ResultToOutput: WriteOutput(index, LaneBlock.Unit(_destination.Span, unit, _outputs)); break;
            case Copying.OutputGradientToResult: ReadOutputGradient(index, LaneBlock.Unit(_outputGradient.Span, unit, _outputs)); break;
            default: WriteInputGradient(index, LaneBlock.Unit(_destination.Span, unit, _features)); break;
        }
    }

    /// <summary>Copies one block; a copy of known size is a few registers, no call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(ReadOnlySpan<T> source, int from, Span<T> destination, int to)
    {
        ref var first = ref MemoryMarshal.GetReference(source.Slice(from, LaneBlock.Width));
        ref var second = ref MemoryMarshal.GetReference(destination.Slice(to, LaneBlock.Width));
        Unsafe.CopyBlockUnaligned(ref Unsafe.As<T, byte>(ref second), ref Unsafe.As<T, byte>(ref first), (uint)(LaneBlock.Width * Unsafe.SizeOf<T>()));
    }

    private void Read(int index, int unit, Span<T> strip)
    {
        var slice = _slice.Span;
        for (var from = 0; from < _count; from += Strip)
        {
            var count = Math.Min(Strip, _count - from);
            var blocks = strip[..(count * LaneBlock.Width)];
            _input.Read(unit, _first + from, count, blocks);
            for (var k = 0; k < count; k++) Move(blocks, k * LaneBlock.Width, slice, At(from + k, index));
        }
    }

    private void WriteOutput(int index, Span<T> output)
    {
        var result = _result.Span;
        for (var m = 0; m < _outputs; m++) Move(result, At(m, index), output, _outputBlocks[m] * LaneBlock.Width);
    }

    private void ReadOutputGradient(int index, ReadOnlySpan<T> gradient)
    {
        var result = _result.Span;
        for (var m = 0; m < _outputs; m++) Move(gradient, _outputBlocks[m] * LaneBlock.Width, result, At(m, index));
    }

    private void WriteInputGradient(int index, Span<T> gradient)
    {
        var slice = _slice.Span;
        for (var k = 0; k < _count; k++) Move(slice, At(k, index), gradient, (_first + k) * LaneBlock.Width);
    }

    /// <summary>Where the block of an active unit stands in a row.</summary>
    private int At(int row, int index) => row * Samples + index * LaneBlock.Width;

    private MatrixOperand<T> Rows(AlignedBuffer<T> rows) => new(rows.Span, Stride, 1);

    private void Copy(Copying what, ThreadTeam team)
    {
        if (_strips.Length < team.Size) _strips = [.. Enumerable.Range(0, team.Size).Select(_ => new AlignedBuffer<T>(Strip * LaneBlock.Width))];
        _count = Math.Min(_sliceLength, _features - _first);
        _copying = what;
        team.Run(this, _activeCount);
    }

    private void FindActive(ILaneInput<T> input)
    {
        _input = input;
        _activeCount = 0;
        for (var unit = 0; unit < _active.Length; unit++)
        {
            if (input.IsActive(unit)) _active[_activeCount++] = unit;
        }
    }
}
