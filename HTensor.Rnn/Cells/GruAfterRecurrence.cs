using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// The gated recurrent unit with the reset after the product, as in cuDNN and PyTorch: [r z] = sigmoid([z_r z_z] + U_rz^T h_(t-1));
/// q = b + U_n^T h_(t-1); n = tanh(z_n + r q); h_t = (1 - z) n + z h_(t-1). After z and U the layer takes b [H].
/// </summary>
internal sealed class GruAfterRecurrence<T> : IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>r, z, q and n: one more than the gates of U.</summary>
    private const int Rows = 4;
    private const int Product = 2;
    private const int Candidate = 3;

    private readonly ISequenceBatch _batch;
    private readonly int _hidden;
    private readonly RecurrentProduct<T> _product;
    private readonly StepTables _steps;
    private readonly AlignedBuffer<T> _gates, _gradients, _zeros, _sums;
    private Memory<T> _inputGradient;

    public GruAfterRecurrence(ISequenceBatch batch, UnitRange[] pieces)
    {
        (_batch, _hidden) = (batch, pieces[0].Hidden);
        _product = new RecurrentProduct<T>(pieces, Gates, 0, Gates);
        _steps = new StepTables(batch.Steps, _hidden, 0, Rows * _hidden);
        (_gates, _gradients) = (LaneBuffer.Of<T>(batch.Groups, batch.Steps, Rows * _hidden), LaneBuffer.Of<T>(batch.Groups, batch.Steps, Rows * _hidden));
        (_zeros, _sums) = (LaneBuffer.Of<T>(1, 1, _hidden), LaneBuffer.Of<T>(1, 1, _hidden));
        MoreInputs = [[_hidden]];
    }

    public int Gates => 3;

    public int Stages => 1;

    public IReadOnlyList<IReadOnlyList<int>> MoreInputs { get; }

    public bool KeepsHidden => true;

    public void Pack(UnitRange range, OperationCall<T> call) => _product.Pack(range, call.Input(1), call.Result.HasGradient ? TapePurpose.Training : TapePurpose.Inference);

    public void Forward(int stage, UnitRange range, in CellStep<T> step, OperationCall<T> call)
    {
        var gates = GatesOf(_gates.Span, step.Unit);
        range.Gate(step.Input, 0).CopyTo(range.Gate(gates, 0));
        range.Gate(step.Input, 1).CopyTo(range.Gate(gates, 1));
        range.Gate(step.Input, 2).CopyTo(range.Gate(gates, Candidate));
        LaneBias.Add(range.Part(_zeros.Span), call.Input(2).Slice(range.First, range.Count), range.Gate(gates, Product));
        if (!step.IsFirst) _product.Add(range, step.Source, gates);
        GruCell.Forward(range.Gate(gates, 0), range.Gate(gates, 1), range.Gate(gates, Product), range.Gate(gates, Candidate), range.Part(step.HiddenBefore),
            range.Part(step.Hidden));
    }

    public void BeginBackward(Memory<T> inputGradient) => _inputGradient = inputGradient;

    public void PullGradient(UnitRange range, in CellStep<T> step) => _product.AddAdjoint(range, GatesOf(_gradients.Span, step.Unit + 1), step.SourceGradient);

    public void Backward(int stage, UnitRange range, in CellStep<T> step)
    {
        var gates = GatesOf(_gates.Span, step.Unit);
        var gradients = GatesOf(_gradients.Span, step.Unit);
        var dz = LaneBlock.Unit(_inputGradient.Span, step.Unit, Gates * _hidden);
        GruCell.Backward(range.Gate(gates, 0), range.Gate(gates, 1), range.Gate(gates, Product), range.Gate(gates, Candidate), range.Part(step.HiddenBefore),
            range.Part(step.HiddenGradient), range.Gate(gradients, 0), range.Gate(gradients, 1), range.Gate(gradients, Product), range.Gate(gradients, Candidate));
        range.Gate(gradients, 0).CopyTo(range.Gate(dz, 0));
        range.Gate(gradients, 1).CopyTo(range.Gate(dz, 1));
        range.Gate(gradients, Candidate).CopyTo(range.Gate(dz, 2));
    }

    public void SkipBackward(UnitRange range, int unit)
    {
        for (var gate = 0; gate < Rows; gate++) range.Gate(GatesOf(_gradients.Span, unit), gate).Clear();
        for (var gate = 0; gate < Gates; gate++) range.Gate(LaneBlock.Unit(_inputGradient.Span, unit, Gates * _hidden), gate).Clear();
    }

    public ReadOnlySpan<T> CellState(int unit) => default;

    public void WeightGradients(ReadOnlySpan<T> sources, ReadOnlySpan<T> carried, OperationCall<T> call)
    {
        if (call.InputGradient(1) is { IsEmpty: false } recurrent)
            _product.WeightGradient(_batch, sources, _gradients.Span, _steps, carried, recurrent.Span, call.Team);
        if (call.InputGradient(2) is not { IsEmpty: false } bias) return;
        _sums.Span.Clear();
        for (var unit = 0; unit < _batch.Groups * _batch.Steps; unit++)
            LaneBias.Accumulate(GatesOf(_gradients.Span, unit).Slice(Product * _sums.Length, _sums.Length), _sums.Span);
        LaneProduct.SumLanes(_sums.Span, bias.Span);
    }

    private Span<T> GatesOf(Span<T> gates, int unit) => LaneBlock.Unit(gates, unit, Rows * _hidden);
}
