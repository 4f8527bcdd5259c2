using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>The plain cell: h_t = tanh(z_t + U^T h_(t-1)).</summary>
internal sealed class RnnRecurrence<T>(ISequenceBatch batch, UnitRange[] pieces) : IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _hidden = pieces[0].Hidden;
    private readonly RecurrentProduct<T> _product = new(pieces, 1, 0, 1);
    private readonly StepTables _steps = new(batch.Steps, pieces[0].Hidden, 0, pieces[0].Hidden);
    private Memory<T> _gradient;
    private Memory<T> _hiddenStates;

    public int Gates => 1;

    public int Stages => 1;

    public IReadOnlyList<IReadOnlyList<int>> MoreInputs => [];

    public bool KeepsHidden => false;

    public void Pack(UnitRange range, OperationCall<T> call)
    {
        _hiddenStates = call.Result.Value;
        _product.Pack(range, call.Input(1), call.Result.HasGradient ? TapePurpose.Training : TapePurpose.Inference);
    }

    public void Forward(int stage, UnitRange range, in CellStep<T> step, OperationCall<T> call)
    {
        var hidden = range.Part(step.Hidden);
        range.Part(step.Input).CopyTo(hidden);
        if (!step.IsFirst) _product.Add(range, step.Source, step.Hidden);
        RnnCell.Forward(hidden);
    }

    public void BeginBackward(Memory<T> inputGradient) => _gradient = inputGradient;

    public void PullGradient(UnitRange range, in CellStep<T> step) => _product.AddAdjoint(range, Gradient(step.Unit + 1), step.SourceGradient);

    public void Backward(int stage, UnitRange range, in CellStep<T> step) =>
        RnnCell.Backward(range.Part((ReadOnlySpan<T>)LaneBlock.Unit(_hiddenStates.Span, step.Unit, _hidden)), range.Part(step.HiddenGradient), range.Part(Gradient(step.Unit)));

    public void SkipBackward(UnitRange range, int unit) => range.Part(Gradient(unit)).Clear();

    public ReadOnlySpan<T> CellState(int unit) => default;

    public void WeightGradients(ReadOnlySpan<T> sources, ReadOnlySpan<T> carried, OperationCall<T> call)
    {
        if (call.InputGradient(1) is { IsEmpty: false } recurrent)
            _product.WeightGradient(batch, sources, _gradient.Span, _steps, carried, recurrent.Span, call.Team);
    }

    private Span<T> Gradient(int unit) => LaneBlock.Unit(_gradient.Span, unit, _hidden);
}
