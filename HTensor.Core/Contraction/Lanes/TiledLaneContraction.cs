using System.Numerics;
using System.Numerics.Tensors;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A chain of products over samples in lanes. Products of weights alone are made once; then every unit runs tile by tile, its
/// intermediates in the second-level cache. The backward pass recomputes them tile by tile instead of keeping them. Gradients of weights
/// gather in a number of partial sums that depends on the number of units alone, so that bits do not depend on threads.
/// </summary>
internal sealed class TiledLaneContraction<T> : ILaneContraction<T>, IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaximumPartialSums = 16;

    private readonly ContractionExecutor<T> _weights;
    private readonly LaneChain<T> _chain;
    private readonly LaneStep<T>[] _steps;
    private readonly int _units, _partialSums;
    private readonly AlignedBuffer<T>? _kept;
    private readonly AlignedBuffer<T>[][] _gradientSums;
    private readonly T[] _row;
    private LaneScratch<T>[] _scratch = [];

    private ILaneInput<T> _input = null!;
    private Memory<T> _output, _inputGradient;
    private ReadOnlyMemory<T> _outputGradient;
    private bool _backward;

    public TiledLaneContraction(ContractionExecutor<T> weights, LaneChain<T> chain, int units)
    {
        (_weights, _chain, _units) = (weights, chain, units);
        _steps = [.. chain.Steps];
        _partialSums = Math.Min(units, MaximumPartialSums);
        if (HasLaterSteps) _kept = new AlignedBuffer<T>(checked(units * KeptLength));
        _gradientSums = [.. Enumerable.Range(0, _partialSums).Select(_ => _steps.Select(step => new AlignedBuffer<T>(step.LaneGradientLength)).ToArray())];
        _row = new T[_steps.Max(step => step.Columns)];
    }

    private bool HasLaterSteps => _chain.TiledStep + 1 < _steps.Length;

    private int Features => _steps[0].InputLength * _chain.TileCount;

    private int Outputs => _steps[^1].OutputLength;

    private int KeptLength => _steps[_chain.TiledStep].OutputLength * LaneBlock.Width;

    public void Bind(int core, Memory<T> value, Memory<T> gradient) => _weights.Bind(core, value, gradient);

    public void Forward(ILaneInput<T> input, Memory<T> output, ThreadTeam team)
    {
        LaneGuard.Blocks(output.Length, _units, Outputs, nameof(output));
        _weights.Forward(team);
        foreach (var step in _steps) step.Pack(_weights.Value(step.WeightNode));
        (_input, _output, _backward) = (input, output, false);
        Start(team, _units);
    }

    public void Backward(ILaneInput<T> input, ReadOnlyMemory<T> outputGradient, Memory<T> inputGradient, ThreadTeam team)
    {
        LaneGuard.Blocks(outputGradient.Length, _units, Outputs, nameof(outputGradient));
        if (!inputGradient.IsEmpty) LaneGuard.Blocks(inputGradient.Length, _units, Features, nameof(inputGradient));
        (_input, _outputGradient, _inputGradient, _backward) = (input, outputGradient, inputGradient, true);
        Start(team, _partialSums);
        for (var i = 0; i < _steps.Length; i++)
        {
            var sum = _gradientSums[0][i].Span;
            for (var part = 1; part < _partialSums; part++) TensorPrimitives.Add(sum, _gradientSums[part][i].Span, sum);
            var gradient = _weights.Gradient(_steps[i].WeightNode);
            if (!gradient.IsEmpty) _steps[i].SumGradient(sum, gradient, _row);
        }

        _weights.Backward(team);
    }

    /// <summary>One unit forward, or the units of one partial sum backward.</summary>
    public void Run(int index, int worker)
    {
        if (!_backward)
        {
            if (_input.IsActive(index)) ForwardUnit(index, _scratch[worker]);
            return;
        }

        var sums = _gradientSums[index];
        foreach (var sum in sums) sum.Span.Clear();
        var last = (int)((index + 1L) * _units / _partialSums);
        for (var unit = (int)((long)index * _units / _partialSums); unit < last; unit++)
        {
            if (_input.IsActive(unit)) BackwardUnit(unit, _scratch[worker], sums);
        }
    }

    private void Start(ThreadTeam team, int pieces)
    {
        if (_scratch.Length < team.Size) _scratch = [.. Enumerable.Range(0, team.Size).Select(_ => new LaneScratch<T>(_steps))];
        team.Run(this, pieces);
        _input = null!;
    }

    private void ForwardUnit(int unit, LaneScratch<T> scratch)
    {
        var last = Outputs * LaneBlock.Width;
        var output = _output.Span.Slice(unit * last, last);
        var tiled = HasLaterSteps ? Kept(unit) : output;
        for (var tile = 0; tile < _chain.TileCount; tile++)
        {
            ForwardTile(unit, tile, scratch);
            _steps[_chain.TiledStep].Forward(tile, scratch.Activation(_chain.TiledStep), tiled, tile == 0 ? Accumulation.Overwrite : Accumulation.Add);
        }

        if (HasLaterSteps) ForwardLater(unit, scratch, output);
    }

    /// <summary>The activations that enter steps 0 to the tiled one.</summary>
    private void ForwardTile(int unit, int tile, LaneScratch<T> scratch)
    {
        ReadTile(unit, tile, scratch.Activation(0));
        for (var i = 0; i < _chain.TiledStep; i++) _steps[i].Forward(tile, scratch.Activation(i), scratch.Activation(i + 1), Accumulation.Overwrite);
    }

    /// <summary>The steps behind the tiled one; the last result goes to <paramref name="output"/>, or nowhere if that is empty.</summary>
    private void ForwardLater(int unit, LaneScratch<T> scratch, Span<T> output)
    {
        for (var i = _chain.TiledStep + 1; i < _steps.Length; i++)
        {
            var input = i == _chain.TiledStep + 1 ? Kept(unit) : scratch.Activation(i);
            if (i + 1 < _steps.Length) _steps[i].Forward(0, input, scratch.Activation(i + 1), Accumulation.Overwrite);
            else if (!output.IsEmpty) _steps[i].Forward(0, input, output, Accumulation.Overwrite);
        }
    }

    private void BackwardUnit(int unit, LaneScratch<T> scratch, AlignedBuffer<T>[] sums)
    {
        var last = Outputs * LaneBlock.Width;
        var gradient = _outputGradient.Span.Slice(unit * last, last);
        if (HasLaterSteps)
        {
            ForwardLater(unit, scratch, default);
            for (var i = _steps.Length - 1; i > _chain.TiledStep; i--)
            {
                _steps[i].WeightGradient(0, i == _chain.TiledStep + 1 ? Kept(unit) : scratch.Activation(i), gradient, sums[i].Span);
                _steps[i].Backward(0, gradient, scratch.Gradient(i));
                gradient = scratch.Gradient(i);
            }
        }

        for (var tile = 0; tile < _chain.TileCount; tile++) BackwardTile(unit, tile, scratch, gradient, sums);
    }

    private void BackwardTile(int unit, int tile, LaneScratch<T> scratch, ReadOnlySpan<T> gradient, AlignedBuffer<T>[] sums)
    {
        ForwardTile(unit, tile, scratch);
        for (var i = _chain.TiledStep; i >= 0; i--)
        {
            _steps[i].WeightGradient(tile, scratch.Activation(i), gradient, sums[i].Span);
            if (i == 0 && _inputGradient.IsEmpty) return;
            _steps[i].Backward(tile, gradient, scratch.Gradient(i));
            gradient = scratch.Gradient(i);
        }

        WriteTile(unit, tile, gradient);
    }

    private Span<T> Kept(int unit) => _kept!.Slice(unit * KeptLength, KeptLength);

    private void ReadTile(int unit, int tile, Span<T> destination)
    {
        for (var run = 0; run < _chain.RunsPerTile; run++)
            _input.Read(unit, _chain.RunStart(tile, run), _chain.RunLength, destination.Slice(run * _chain.RunLength * LaneBlock.Width, _chain.RunLength * LaneBlock.Width));
    }

    private void WriteTile(int unit, int tile, ReadOnlySpan<T> gradient)
    {
        var length = _chain.RunLength * LaneBlock.Width;
        for (var run = 0; run < _chain.RunsPerTile; run++)
            gradient.Slice(run * length, length).CopyTo(_inputGradient.Span[((unit * Features + _chain.RunStart(tile, run)) * LaneBlock.Width)..]);
    }
}
