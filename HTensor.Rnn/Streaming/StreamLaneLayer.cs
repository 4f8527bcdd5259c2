using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>One recurrent layer over groups of sixteen streams: its packed weights, the streams' states and those of the step that is under way.</summary>
internal sealed class StreamLaneLayer : ILaneInput<float>
{
    private readonly StreamLayer _layer;
    private readonly ILaneContraction<float> _input;
    private readonly LaneWeights _recurrent;
    private readonly AlignedBuffer<float> _inputs, _gates, _row;
    private readonly StreamState[] _states, _next;
    private readonly Predicate<int> _isActive;
    private readonly StreamDifference[]? _differences;
    private ILaneInput<float>? _read, _padded;

    /// <param name="layer">The layer.</param>
    /// <param name="groups">Groups of sixteen streams.</param>
    /// <param name="isActive">Whether any stream of a group takes part in the step.</param>
    /// <param name="input">What the layer reads.</param>
    public StreamLaneLayer(StreamLayer layer, int groups, Predicate<int> isActive, StepInput input)
    {
        if (input == StepInput.Difference) _differences = [.. Enumerable.Range(0, groups).Select(_ => new StreamDifference(layer.Bias.Length, LaneBlock.Width))];
        (_layer, _isActive) = (layer, isActive);
        var (hidden, gates) = (layer.Hidden, layer.Layout.Gates);
        _input = LaneContraction.Create<float>(layer.Layout.Input.Network, groups, layer.Layout.Input.OutputOffsets);
        for (var core = 0; core < layer.Cores.Length; core++) _input.Bind(core, layer.Cores[core], default);
        _input.UpdateWeights(ThreadTeam.Inline);
        _recurrent = new LaneWeights(layer.Recurrent.Span, hidden, gates * hidden, hidden);
        (_inputs, _gates, _row) = (Blocks(groups * gates * hidden), Blocks(layer.GateRows * hidden), Blocks(hidden));
        (_states, _next) = (States(), States());

        static AlignedBuffer<float> Blocks(int rows) => new(checked(rows * LaneBlock.Width));
        StreamState[] States() => [.. Enumerable.Range(0, groups).Select(_ => new StreamState(layer.Layout, LaneBlock.Width))];
    }

    /// <summary>h of a group after the step that is under way, [H, 16].</summary>
    public ReadOnlySpan<float> Next(int group) => _next[group].Hidden.Span;

    /// <summary>z = x W + b and the cell, for every active group. The states stay until <see cref="Take"/>.</summary>
    public void Advance(ILaneInput<float> x)
    {
        _input.Forward(Padded(x), _inputs.Memory, ThreadTeam.Inline);
        for (var group = 0; group < _states.Length; group++)
        {
            if (!_isActive(group)) continue;
            var z = LaneBlock.Unit(_inputs.Span, group, _layer.Bias.Length);
            var gates = _gates.Slice(0, z.Length);
            _differences?[group].Apply(z, gates);
            LaneBias.Add<float>(_differences is null ? z : gates, _layer.Bias.Span, gates);
            StreamCell.Advance(_layer, _recurrent, _gates.Span, _states[group], _next[group], _row.Span);
        }
    }

    /// <summary>The input is the same at every step.</summary>
    private ILaneInput<float> Padded(ILaneInput<float> x)
    {
        if (_read == x) return _padded!;
        (_read, _padded) = (x, PaddedInput<float>.For(_layer.Layout.Input, x));
        return _padded;
    }

    /// <summary>A stream takes its new state.</summary>
    public void Take(int group, int lane)
    {
        _differences?[group].Take(LaneBlock.Unit(_inputs.Span, group, _layer.Bias.Length), lane);
        var (state, next) = (_states[group], _next[group]);
        for (var i = lane; i < state.Hidden.Length; i += LaneBlock.Width) state.Hidden.Span[i] = next.Hidden.Span[i];
        for (var i = lane; i < state.Cell.Length; i += LaneBlock.Width) state.Cell.Span[i] = next.Cell.Span[i];
    }

    public void Clear(int group, int lane)
    {
        _states[group].Clear(lane, LaneBlock.Width);
        _differences?[group].Clear(lane);
    }

    public bool IsActive(int unit) => _isActive(unit);

    /// <summary>What the layer above reads.</summary>
    public void Read(int unit, int first, int count, Span<float> destination) =>
        Next(unit).Slice(first * LaneBlock.Width, count * LaneBlock.Width).CopyTo(destination);
}
