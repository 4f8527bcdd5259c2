using System.Numerics;
using System.Numerics.Tensors;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A chain of products over samples in lanes. Products of weights alone are made once; then every unit runs its first steps tile by tile,
/// their activations in the second-level cache, and the others once. What the others read is kept for the backward pass where it fits a
/// limit; a tile's activations are computed again instead. Gradients of weights gather in a number of partial sums that depends on the
/// number of units alone, so that bits do not depend on threads.
/// </summary>
internal sealed class TiledLaneContraction<T> : ILaneContraction<T>, IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaximumPartialSums = 16;

    private readonly ContractionExecutor<T> _weights;
    private readonly LaneChain<T> _chain;
    private readonly LaneStep<T>[] _steps;
    private readonly int _units, _partialSums, _keptLength;
    private readonly int[] _keptStarts;
    private readonly AlignedBuffer<T>? _kept;
    private readonly T[][][] _gradientSums;
    private LaneScratch<T>[] _scratch = [];

    private ILaneInput<T> _input = null!;
    private Memory<T> _output, _inputGradient;
    private ReadOnlyMemory<T> _outputGradient;
    private bool _backward;

    public TiledLaneContraction(ContractionExecutor<T> weights, LaneChain<T> chain, int units, long keptBytes)
    {
        (_weights, _chain, _units) = (weights, chain, units);
        _steps = [.. chain.Steps];
        _partialSums = Math.Min(units, MaximumPartialSums);
        _keptStarts = new int[_steps.Length];
        for (var i = chain.TiledSteps; i < _steps.Length; i++)
        {
            _keptStarts[i] = _keptLength;
            _keptLength = checked(_keptLength + _steps[i].InputLength * LaneBlock.Width);
        }

        if ((long)units * _keptLength * ElementBytes <= keptBytes) _kept = new AlignedBuffer<T>(units * _keptLength);
        _gradientSums = [.. Enumerable.Range(0, _partialSums).Select(_ => _steps.Select(step => new T[step.GradientLength]).ToArray())];
    }

    private static unsafe int ElementBytes => sizeof(T);

    private int Features => _steps[0].InputLength * _chain.TileCount;

    private int Outputs => _steps[^1].OutputLength;

    public void Bind(int core, Memory<T> value, Memory<T> gradient) => _weights.Bind(core, value, gradient);

    public void UpdateWeights(ThreadTeam team)
    {
        _weights.Forward(team);
        foreach (var step in _steps) step.Pack(_weights.Value(step.WeightNode));
    }

    public void Forward(ILaneInput<T> input, Memory<T> output, ThreadTeam team)
    {
        LaneGuard.Blocks(output.Length, _units, Outputs, nameof(output));
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
            var gradient = _weights.Gradient(_steps[i].WeightNode);
            if (gradient.IsEmpty) continue;
            var sum = _gradientSums[0][i];
            for (var part = 1; part < _partialSums; part++) TensorPrimitives.Add<T>(sum, _gradientSums[part][i], sum);
            _steps[i].Scatter(sum, gradient);
        }

        _weights.Backward(team);
    }

    /// <summary>One unit forward, or the units of one partial sum backward.</summary>
    public void Run(int index, int worker)
    {
        var scratch = _scratch[worker];
        if (!_backward)
        {
            if (_input.IsActive(index)) ForwardUnit(index, scratch, LaneBlock.Unit(_output.Span, index, Outputs));
            return;
        }

        for (var i = 0; i < _steps.Length; i++) scratch.WeightGradient(i).Clear();
        var last = (int)((index + 1L) * _units / _partialSums);
        for (var unit = (int)((long)index * _units / _partialSums); unit < last; unit++)
        {
            if (_input.IsActive(unit)) BackwardUnit(unit, scratch);
        }

        for (var i = 0; i < _steps.Length; i++) LaneProduct.SumLanes<T>(scratch.WeightGradient(i), _gradientSums[index][i]);
    }

    private void Start(ThreadTeam team, int pieces)
    {
        if (_scratch.Length < team.Size) _scratch = [.. Enumerable.Range(0, team.Size).Select(_ => new LaneScratch<T>(_chain, _kept is not null))];
        team.Run(this, pieces);
        _input = null!;
    }

    /// <summary>All steps; without <paramref name="output"/>, those that the backward pass needs.</summary>
    private void ForwardUnit(int unit, LaneScratch<T> scratch, Span<T> output)
    {
        var tiled = _chain.TiledSteps;
        var result = tiled < _steps.Length ? Activation(tiled, unit, scratch) : output;
        for (var tile = 0; tile < _chain.TileCount && !result.IsEmpty; tile++)
        {
            ForwardTile(unit, tile, scratch);
            _steps[tiled - 1].Forward(scratch.Activation(tiled - 1), Tile(result, tile));
        }

        for (var i = tiled; i < _steps.Length; i++)
        {
            var next = i + 1 < _steps.Length ? Activation(i + 1, unit, scratch) : output;
            if (!next.IsEmpty) _steps[i].Forward(Activation(i, unit, scratch), next);
        }
    }

    /// <summary>The activations that enter the steps of a tile.</summary>
    private void ForwardTile(int unit, int tile, LaneScratch<T> scratch)
    {
        ReadTile(unit, tile, scratch.Activation(0));
        for (var i = 0; i + 1 < _chain.TiledSteps; i++) _steps[i].Forward(scratch.Activation(i), scratch.Activation(i + 1));
    }

    private void BackwardUnit(int unit, LaneScratch<T> scratch)
    {
        if (_kept is null) ForwardUnit(unit, scratch, default);
        var gradient = LaneBlock.Unit(_outputGradient.Span, unit, Outputs);
        for (var i = _steps.Length - 1; i >= _chain.TiledSteps; i--)
        {
            _steps[i].WeightGradient(Activation(i, unit, scratch), gradient, scratch.WeightGradient(i));
            _steps[i].Backward(gradient, scratch.Gradient(i));
            gradient = scratch.Gradient(i);
        }

        for (var tile = 0; tile < _chain.TileCount; tile++) BackwardTile(unit, tile, scratch, gradient[(_chain.TileBlock(tile) * LaneBlock.Width)..]);
    }

    private void BackwardTile(int unit, int tile, LaneScratch<T> scratch, ReadOnlySpan<T> gradient)
    {
        ForwardTile(unit, tile, scratch);
        for (var i = _chain.TiledSteps - 1; i >= 0; i--)
        {
            _steps[i].WeightGradient(scratch.Activation(i), gradient, scratch.WeightGradient(i));
            if (i == 0 && _inputGradient.IsEmpty) return;
            _steps[i].Backward(gradient, scratch.Activation(i));
            gradient = scratch.Activation(i);
        }

        WriteTile(unit, tile, gradient);
    }

    /// <summary>What enters a step that runs once a unit.</summary>
    private Span<T> Activation(int step, int unit, LaneScratch<T> scratch) =>
        _kept is null ? scratch.Activation(step) : _kept.Slice(unit * _keptLength + _keptStarts[step], _steps[step].InputLength * LaneBlock.Width);

    private Span<T> Tile(Span<T> result, int tile) => result[(_chain.TileBlock(tile) * LaneBlock.Width)..];

    private void ReadTile(int unit, int tile, Span<T> destination)
    {
        var length = _chain.RunLength * LaneBlock.Width;
        for (var run = 0; run < _chain.RunsPerTile; run++)
            _input.Read(unit, _chain.RunStart(tile, run), _chain.RunLength, destination.Slice(run * length, length));
    }

    private void WriteTile(int unit, int tile, ReadOnlySpan<T> gradient)
    {
        var length = _chain.RunLength * LaneBlock.Width;
        var destination = LaneBlock.Unit(_inputGradient.Span, unit, Features);
        for (var run = 0; run < _chain.RunsPerTile; run++)
            gradient.Slice(run * length, length).CopyTo(destination[(_chain.RunStart(tile, run) * LaneBlock.Width)..]);
    }
}
