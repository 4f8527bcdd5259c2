using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>Long short-term memory: [i f g o] = z_t + U^T h_(t-1); i, f, o through sigmoid, g through tanh; c_t = f c_(t-1) + i g; h_t = o tanh(c_t).</summary>
internal sealed class LstmRecurrence<T> : IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Rows = 4;

    private readonly ISequenceBatch _batch;
    private readonly int _hidden;
    private readonly RecurrentProduct<T> _product;
    private readonly StepTables _steps;
    private readonly AlignedBuffer<T> _gates, _cells, _zeros, _cellGradient;
    private Memory<T> _gradient;

    public LstmRecurrence(ISequenceBatch batch, UnitRange[] pieces)
    {
        (_batch, _hidden) = (batch, pieces[0].Hidden);
        _product = new RecurrentProduct<T>(pieces, Rows, 0, Rows);
        _steps = new StepTables(batch.Steps, _hidden, 0, Rows * _hidden);
        (_gates, _cells) = (LaneBuffer.Of<T>(batch.Groups, batch.Steps, Rows * _hidden), LaneBuffer.Of<T>(batch.Groups, batch.Steps, _hidden));
        (_zeros, _cellGradient) = (LaneBuffer.Of<T>(1, 1, _hidden), LaneBuffer.Of<T>(batch.Groups, 1, _hidden));
    }

    public int Gates => Rows;

    public int Stages => 1;

    public IReadOnlyList<IReadOnlyList<int>> MoreInputs => [];

    public bool KeepsHidden => false;

    public void Pack(UnitRange range, OperationCall<T> call) => _product.Pack(range, call.Input(1), call.Result.HasGradient ? TapePurpose.Training : TapePurpose.Inference);

    public void Forward(int stage, UnitRange range, in CellStep<T> step, OperationCall<T> call)
    {
        var gates = LaneBlock.Unit(_gates.Span, step.Unit, Rows * _hidden);
        for (var gate = 0; gate < Rows; gate++) range.Gate(step.Input, gate).CopyTo(range.Gate(gates, gate));
        if (!step.IsFirst) _product.Add(range, step.Source, gates);
        LstmCell.Forward(range.Gate(gates, 0), range.Gate(gates, 1), range.Gate(gates, 2), range.Gate(gates, 3), range.Part(CellBefore(step)),
            range.Part(Cell(step.Unit)), range.Part(step.Hidden));
    }

    public void BeginBackward(Memory<T> inputGradient) => _gradient = inputGradient;

    public void PullGradient(UnitRange range, in CellStep<T> step) =>
        _product.AddAdjoint(range, LaneBlock.Unit((ReadOnlySpan<T>)_gradient.Span, step.Unit + 1, Rows * _hidden), step.SourceGradient);

    public void Backward(int stage, UnitRange range, in CellStep<T> step)
    {
        var z = LaneBlock.Unit(_gradient.Span, step.Unit, Rows * _hidden);
        var gates = LaneBlock.Unit(_gates.Span, step.Unit, Rows * _hidden);
        var cellGradient = range.Part(LaneBlock.Unit(_cellGradient.Span, step.Group, _hidden));
        if (step.IsLast) cellGradient.Clear();
        LstmCell.Backward(range.Gate(gates, 0), range.Gate(gates, 1), range.Gate(gates, 2), range.Gate(gates, 3), range.Part(CellBefore(step)),
            range.Part(Cell(step.Unit)), range.Part(step.HiddenGradient), cellGradient, range.Gate(z, 0), range.Gate(z, 1), range.Gate(z, 2), range.Gate(z, 3));
    }

    public void SkipBackward(UnitRange range, int unit)
    {
        for (var gate = 0; gate < Rows; gate++) range.Gate(LaneBlock.Unit(_gradient.Span, unit, Rows * _hidden), gate).Clear();
    }

    public void WeightGradients(ReadOnlySpan<T> sources, ReadOnlySpan<T> carried, OperationCall<T> call)
    {
        if (call.InputGradient(1) is { IsEmpty: false } recurrent)
            _product.WeightGradient(_batch, sources, _gradient.Span, _steps, carried, recurrent.Span, call.Team);
    }

    public ReadOnlySpan<T> CellState(int unit) => Cell(unit);

    private Span<T> Cell(int unit) => LaneBlock.Unit(_cells.Span, unit, _hidden);

    private ReadOnlySpan<T> CellBefore(in CellStep<T> step) => step.IsFirst ? _zeros.Span : step.CarriedCell.IsEmpty ? Cell(step.Unit - 1) : step.CarriedCell;
}
