using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// The gated recurrent unit with the reset before the product (Cho et al., arXiv 1406.1078): [r z] = sigmoid([z_r z_z] + U_rz^T h_(t-1));
/// n = tanh(z_n + U_n^T (r h_(t-1))); h_t = (1 - z) n + z h_(t-1). Two stages: n needs r of all units.
/// </summary>
internal sealed class GruBeforeRecurrence<T> : IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Rows = 3;

    private readonly ISequenceBatch _batch;
    private readonly int _hidden;
    private readonly RecurrentProduct<T> _gateProduct, _candidateProduct;
    private readonly StepTables _earlier, _same;
    private readonly AlignedBuffer<T> _gates, _reset, _resetGradient;
    private Memory<T> _gradient;

    public GruBeforeRecurrence(ISequenceBatch batch, UnitRange[] pieces)
    {
        (_batch, _hidden) = (batch, pieces[0].Hidden);
        (_gateProduct, _candidateProduct) = (new RecurrentProduct<T>(pieces, Rows, 0, 2), new RecurrentProduct<T>(pieces, Rows, 2, 1));
        (_earlier, _same) = (new StepTables(batch.Steps, _hidden, 0, Rows * _hidden), new StepTables(batch.Steps, _hidden, 1, Rows * _hidden));
        (_gates, _reset) = (LaneBuffer.Of<T>(batch.Groups, batch.Steps, Rows * _hidden), LaneBuffer.Of<T>(batch.Groups, batch.Steps, _hidden));
        _resetGradient = LaneBuffer.Of<T>(batch.Groups, 1, _hidden);
    }

    public int Gates => Rows;

    public int Stages => 2;

    public IReadOnlyList<IReadOnlyList<int>> MoreInputs => [];

    public bool KeepsHidden => true;

    public void Pack(UnitRange range, OperationCall<T> call)
    {
        var purpose = call.Result.HasGradient ? TapePurpose.Training : TapePurpose.Inference;
        _gateProduct.Pack(range, call.Input(1), purpose);
        _candidateProduct.Pack(range, call.Input(1), purpose);
    }

    public void Forward(int stage, UnitRange range, in CellStep<T> step, OperationCall<T> call)
    {
        var gates = GatesOf(step.Unit);
        var reset = Reset(step.Unit);
        if (stage == 0)
        {
            for (var gate = 0; gate < Rows; gate++) range.Gate(step.Input, gate).CopyTo(range.Gate(gates, gate));
            if (!step.IsFirst) _gateProduct.Add(range, step.Source, gates);
            GruCell.ForwardReset(range.Gate(gates, 0), range.Gate(gates, 1), range.Part(step.Source), range.Part(reset));
            return;
        }

        if (!step.IsFirst) _candidateProduct.Add(range, reset, gates);
        GruCell.ForwardCandidate(range.Gate(gates, 1), range.Gate(gates, 2), range.Part(step.HiddenBefore), range.Part(step.Hidden));
    }

    public void BeginBackward(Memory<T> inputGradient) => _gradient = inputGradient;

    public void PullGradient(UnitRange range, in CellStep<T> step) => _gateProduct.AddAdjoint(range, Gradient(step.Unit + 1), step.SourceGradient);

    public void Backward(int stage, UnitRange range, in CellStep<T> step)
    {
        var gates = GatesOf(step.Unit);
        var dz = Gradient(step.Unit);
        if (stage == 0)
        {
            GruCell.BackwardCandidate(range.Gate(gates, 1), range.Gate(gates, 2), range.Part(step.HiddenBefore), range.Part(step.HiddenGradient),
                range.Gate(dz, 1), range.Gate(dz, 2));
            return;
        }

        var resetGradient = LaneBlock.Unit(_resetGradient.Span, step.Group, _hidden);
        range.Part(resetGradient).Clear();
        _candidateProduct.AddAdjoint(range, dz, resetGradient);
        GruCell.BackwardReset(range.Gate(gates, 0), range.Part(step.Source), range.Part(resetGradient), range.Part(step.SourceGradient), range.Gate(dz, 0));
    }

    public void SkipBackward(UnitRange range, int unit)
    {
        for (var gate = 0; gate < Rows; gate++) range.Gate(Gradient(unit), gate).Clear();
    }

    public ReadOnlySpan<T> CellState(int unit) => default;

    public void WeightGradients(ReadOnlySpan<T> sources, ReadOnlySpan<T> carried, OperationCall<T> call)
    {
        if (call.InputGradient(1) is not { IsEmpty: false } recurrent) return;
        _gateProduct.WeightGradient(_batch, sources, _gradient.Span, _earlier, carried, recurrent.Span, call.Team);
        _candidateProduct.WeightGradient(_batch, _reset.Span, _gradient.Span, _same, carried.IsEmpty ? default : _reset.Span, recurrent.Span, call.Team);
    }

    private Span<T> GatesOf(int unit) => LaneBlock.Unit(_gates.Span, unit, Rows * _hidden);

    private Span<T> Reset(int unit) => LaneBlock.Unit(_reset.Span, unit, _hidden);

    private Span<T> Gradient(int unit) => LaneBlock.Unit(_gradient.Span, unit, Rows * _hidden);
}
