using System.Numerics;
using System.Numerics.Tensors;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// A layer of recurrent cells over all steps, back-propagation through time inside, over samples in lanes.
/// Inputs: z [units, gates H, 16] with bias, gate after gate; U [H, gates H]; what else the cell takes. Result: h [units, H, 16].
/// Unit = group * steps + step. Steps behind the longest sample of a group are not computed; behind a shorter one they are, from zero frames,
/// and nothing reads them.
/// </summary>
internal sealed class RecurrentLayer<T> : IOperation<T>, IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ISequenceBatch _batch;
    private readonly int _hidden;
    private readonly UnitRange[] _pieces;
    private readonly IRecurrentCell<T> _cell;
    private readonly RecurrentDropout<T>? _dropout;
    private readonly CarriedState<T>? _carried;
    private readonly AlignedBuffer<T> _zeros, _hiddenGradient;
    private AlignedBuffer<T>? _ownGradient;
    private OperationCall<T> _call = null!;
    private Phase _phase;
    private int _step, _stage;

    public RecurrentLayer(string name, ISequenceBatch batch, int hidden, CellKind kind, GruReset reset = GruReset.Before, RecurrentDropout<T>? dropout = null,
        CarriedState<T>? carried = null)
    {
        (_dropout, _carried) = (dropout, carried);
        (Name, _batch, _hidden, _pieces) = (name, batch, hidden, UnitRange.All(hidden));
        _cell = RecurrentCell.Create<T>(kind, reset, batch, _pieces);
        (_zeros, _hiddenGradient) = (LaneBuffer.Of<T>(1, 1, hidden), LaneBuffer.Of<T>(batch.Groups, 1, hidden));
    }

    public string Name { get; }

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        var (units, columns) = (_batch.Groups * _batch.Steps, _cell.Gates * _hidden);
        OperationShape.RequireCount(Name, 2 + _cell.MoreInputs.Count, inputs.Count);
        OperationShape.Require(Name, "z", [units, columns, LaneBlock.Width], inputs[0]);
        OperationShape.Require(Name, "U", [_hidden, columns], inputs[1]);
        for (var i = 2; i < inputs.Count; i++) OperationShape.Require(Name, $"input {i}", _cell.MoreInputs[i - 2], inputs[i]);
        return [units, _hidden, LaneBlock.Width];
    }

    public void Forward(OperationCall<T> call)
    {
        (_call, _phase) = (call, Phase.Pack);
        _dropout?.Draw();
        call.Team.Run(this, _pieces.Length);
        if (_batch.Continues) Begin();
        _phase = Phase.Forward;
        for (_step = 0; _step < _batch.Steps; _step++)
        {
            for (_stage = 0; _stage < _cell.Stages; _stage++) call.Team.Run(this, _batch.Groups * _pieces.Length);
        }

        if (_carried is not null) Leave(_carried);
    }

    /// <summary>From the last step to the first: dh_t = dh_t from above + U dz_(t+1), dz_t by the cell; then dU = sum over t of h_(t-1) dz_t^T.</summary>
    public void Backward(OperationCall<T> call)
    {
        (_call, _phase) = (call, Phase.Backward);
        // dz is needed on the way to dU, whoever else wants it.
        var wanted = call.InputGradient(0);
        if (wanted.IsEmpty) wanted = (_ownGradient ??= LaneBuffer.Of<T>(_batch.Groups, _batch.Steps, _cell.Gates * _hidden)).Memory;
        _cell.BeginBackward(wanted);
        for (_step = _batch.Steps - 1; _step >= 0; _step--)
        {
            for (_stage = 0; _stage < _cell.Stages; _stage++) call.Team.Run(this, _batch.Groups * _pieces.Length);
        }

        _cell.WeightGradients(_dropout is null ? call.Output : _dropout.Sources, _batch.Continues ? CarriedSources : default, call);
    }

    /// <summary>One piece of the hidden units: of one group at the present step, or its columns of U.</summary>
    public void Run(int index, int worker)
    {
        if (_phase == Phase.Pack)
        {
            _cell.Pack(_pieces[index], _call);
            return;
        }

        var (group, range) = (index / _pieces.Length, _pieces[index % _pieces.Length]);
        var active = _step < _batch.LongestLength(group);
        if (active && _phase == Phase.Forward) ForwardStep(range, Step(group));
        else if (active) BackwardStep(range, Step(group));
        else if (_phase == Phase.Backward && _stage == 0) _cell.SkipBackward(range, group * _batch.Steps + _step);
    }

    private void ForwardStep(UnitRange range, in CellStep<T> step)
    {
        _cell.Forward(_stage, range, step, _call);
        if (_stage + 1 == _cell.Stages) _dropout?.Mask(range, step.Group, step.Unit, step.Hidden);
    }

    private void BackwardStep(UnitRange range, in CellStep<T> step)
    {
        if (_stage == 0)
        {
            var hidden = range.Part(step.HiddenGradient);
            var above = range.Part(LaneBlock.Unit(_call.OutputGradient, step.Unit, _hidden));
            if (_cell.KeepsHidden && !step.IsLast) TensorPrimitives.Add(hidden, above, hidden);
            else above.CopyTo(hidden);
            if (step.IsLast)
            {
                if (_dropout is not null) range.Part(step.SourceGradient).Clear();
            }
            else
            {
                _cell.PullGradient(range, step);
                _dropout?.PassOn(range, step.Group, step.HiddenGradient);
            }
        }

        _cell.Backward(_stage, range, step);
    }

    /// <summary>What U sees of the states before the first step.</summary>
    private ReadOnlySpan<T> CarriedSources => _dropout is null ? _carried!.Hidden : _dropout.Carried;

    private void Begin()
    {
        if (_carried is null) throw new InvalidOperationException($"{Name}: expected states to go on from, found none");
        _carried.Begin();
        _dropout?.MaskCarried(_carried.Hidden);
    }

    /// <summary>A group in which no sample fills the window has none that goes on.</summary>
    private void Leave(CarriedState<T> carried)
    {
        for (var group = 0; group < _batch.Groups; group++)
        {
            if (_batch.LongestLength(group) < _batch.Steps) continue;
            var last = (group + 1) * _batch.Steps - 1;
            carried.Leave(group, LaneBlock.Unit(_call.Output, last, _hidden), _cell.CellState(last));
        }
    }

    private CellStep<T> Step(int group)
    {
        var unit = group * _batch.Steps + _step;
        var carried = _step == 0 && _batch.Continues;
        var before = carried ? LaneBlock.Unit(_carried!.Hidden, group, _hidden) : _step == 0 ? _zeros.Span : LaneBlock.Unit((ReadOnlySpan<T>)_call.Output, unit - 1, _hidden);
        var hiddenGradient = LaneBlock.Unit(_hiddenGradient.Span, group, _hidden);
        return new CellStep<T>
        {
            Unit = unit,
            Group = group,
            IsFirst = _step == 0 && !carried,
            IsLast = _step + 1 == _batch.LongestLength(group),
            Input = LaneBlock.Unit(_call.Input(0), unit, _cell.Gates * _hidden),
            Hidden = LaneBlock.Unit(_call.Output, unit, _hidden),
            HiddenBefore = before,
            CarriedCell = carried ? _carried!.Cell(group) : default,
            Source = carried ? LaneBlock.Unit(CarriedSources, group, _hidden) : _dropout is null || _step == 0 ? before : _dropout.Source(unit - 1),
            HiddenGradient = hiddenGradient,
            SourceGradient = _dropout is null ? hiddenGradient : _dropout.Gradient(group),
        };
    }

    private enum Phase
    {
        Pack,
        Forward,
        Backward,
    }
}
