using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// One large product for all units together: the dense matrix, or one that the plan rebuilds from its cores. The features stream through
/// in slices, unpacked into lanes for all active units; the weight is gathered while it is packed.
/// </summary>
internal sealed class WholeLaneContraction<T> : ILaneContraction<T>, IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int SliceElements = 1 << 19;
    private const int SmallestSlice = 256;
    private const int LargestSlice = 4096;

    private readonly ContractionExecutor<T> _weights;
    private readonly int _weightNode, _units, _features, _outputs, _sliceLength;
    private readonly int[] _weightRows, _weightColumns, _outputRows, _featureRows;
    private readonly int[] _active, _inputColumns, _outputColumns, _inputGradientColumns;
    private readonly AlignedBuffer<T> _slice;

    private ILaneInput<T> _input = null!;
    private int _first, _count, _activeCount;

    public WholeLaneContraction(ContractionPlan plan, ContractionExecutor<T> weights, int weightNode, ModeLayout output, int units)
    {
        (_weights, _weightNode, _units) = (weights, weightNode, units);
        var network = plan.Network;
        int Size(int mode) => network.Sizes[mode];
        var weight = weights.Layout(weightNode);
        int[] inputs = [.. network.OperandModes(network.Operands.Count - 1).Skip(1)];
        int[] outputs = [.. network.ResultModes.Skip(1)];
        (_weightRows, _weightColumns) = (weight.Offsets(inputs, Size), weight.Offsets(outputs, Size));
        (_features, _outputs) = (_weightRows.Length, _weightColumns.Length);
        _outputRows = InElements(output.Offsets(outputs, Size));
        _sliceLength = Math.Min(_features, Math.Clamp(SliceElements / (units * LaneBlock.Width), SmallestSlice, LargestSlice));
        _slice = new AlignedBuffer<T>(checked(units * _sliceLength * LaneBlock.Width));
        _featureRows = [.. Enumerable.Range(0, _features).Select(feature => feature * LaneBlock.Width)];
        _active = new int[units];
        (_inputColumns, _outputColumns, _inputGradientColumns) = (Columns(), Columns(), Columns());
        int[] Columns() => new int[units * LaneBlock.Width];
    }

    private int Samples => _activeCount * LaneBlock.Width;

    private ReadOnlySpan<int> OutputColumns => _outputColumns.AsSpan(0, Samples);

    public void Bind(int core, Memory<T> value, Memory<T> gradient) => _weights.Bind(core, value, gradient);

    /// <summary>Y[m, s] = sum_k W[k, m] X[k, s], slice by slice of k.</summary>
    public void Forward(ILaneInput<T> input, Memory<T> output, ThreadTeam team)
    {
        _weights.Forward(team);
        FindActive(input);
        for (_first = 0; _first < _features; _first += _sliceLength)
        {
            Unpack(team);
            var weight = new MatrixOperand<T>(_weights.Value(_weightNode), _weightColumns, _weightRows.AsSpan(_first, _count));
            Gemm.Multiply(_outputs, Samples, _count, weight, Slice(), output.Span, _outputRows, OutputColumns, _first == 0 ? Accumulation.Overwrite : Accumulation.Add, team);
        }
    }

    /// <summary>dW[k, m] = sum_s X[k, s] dY[m, s]; dX[k, s] = sum_m W[k, m] dY[m, s].</summary>
    public void Backward(ILaneInput<T> input, ReadOnlyMemory<T> outputGradient, Memory<T> inputGradient, ThreadTeam team)
    {
        FindActive(input);
        var gradient = new MatrixOperand<T>(outputGradient.Span, _outputRows, OutputColumns);
        var weightGradient = _weights.Gradient(_weightNode);
        for (_first = 0; _first < _features && !weightGradient.IsEmpty; _first += _sliceLength)
        {
            Unpack(team);
            Gemm.Multiply(_count, _outputs, Samples, Slice(), gradient.Transposed, weightGradient, _weightRows.AsSpan(_first, _count), _weightColumns, Accumulation.Overwrite, team);
        }

        if (!inputGradient.IsEmpty)
        {
            var weight = new MatrixOperand<T>(_weights.Value(_weightNode), _weightRows, _weightColumns);
            Gemm.Multiply(_features, Samples, _outputs, weight, gradient, inputGradient.Span, _featureRows, _inputGradientColumns.AsSpan(0, Samples), Accumulation.Overwrite, team);
        }

        _weights.Backward(team);
    }

    /// <summary>Unpacks the present slice of one active unit.</summary>
    public void Run(int index, int worker) =>
        _input.Read(_active[index], _first, _count, _slice.Slice(index * _sliceLength * LaneBlock.Width, _count * LaneBlock.Width));

    private static int[] InElements(int[] blocks) => [.. blocks.Select(block => block * LaneBlock.Width)];

    private MatrixOperand<T> Slice() => new(_slice.Span, _featureRows.AsSpan(0, _count), _inputColumns.AsSpan(0, Samples));

    private void Unpack(ThreadTeam team)
    {
        _count = Math.Min(_sliceLength, _features - _first);
        team.Run(this, _activeCount);
    }

    private void FindActive(ILaneInput<T> input)
    {
        _input = input;
        _activeCount = 0;
        for (var unit = 0; unit < _units; unit++)
        {
            if (!input.IsActive(unit)) continue;
            for (var lane = 0; lane < LaneBlock.Width; lane++)
            {
                var column = _activeCount * LaneBlock.Width + lane;
                _inputColumns[column] = _activeCount * _sliceLength * LaneBlock.Width + lane;
                _outputColumns[column] = unit * _outputs * LaneBlock.Width + lane;
                _inputGradientColumns[column] = unit * _features * LaneBlock.Width + lane;
            }

            _active[_activeCount++] = unit;
        }
    }
}
