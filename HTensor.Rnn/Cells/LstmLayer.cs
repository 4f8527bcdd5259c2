using System.Numerics;
using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// A layer of LSTM cells over all steps, back-propagation through time inside, over samples in lanes. At each step
/// [i f g o] = z_t + U^T h_(t-1); i, f, o through sigmoid, g through tanh; c_t = f c_(t-1) + i g; h_t = o tanh(c_t).
/// Inputs: z [units, 4 H, 16] with bias, gate after gate; U [H, 4 H]. Result: h [units, H, 16]. Unit = group * steps + step.
/// Steps behind the longest sample of a group are not computed; behind a shorter one they are, from zero frames, and nothing reads them.
/// </summary>
internal sealed class LstmLayer<T> : IOperation<T>, IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal const int Gates = 4;

    /// <summary>Hidden units that one piece of a step computes: enough for four panels of columns a gate, few enough for threads to share.</summary>
    private const int UnitsPerPiece = 64;

    private static readonly int[] OneRow = [0];

    private readonly ISequenceBatch _batch;
    private readonly int _hidden;
    private readonly LstmPiece<T>[] _pieces;
    private readonly int[] _hiddenBlocks, _gateBlocks, _hiddenRows, _gateColumns;
    private readonly int[] _earlierSteps, _laterSteps;
    private readonly AlignedBuffer<T> _gates, _cells, _zeros, _hiddenGradient, _cellGradient;
    private OperationCall<T> _call = null!;
    private Memory<T> _gateGradient;
    private Phase _phase;
    private int _step;

    public LstmLayer(string name, ISequenceBatch batch, int hidden)
    {
        (Name, _batch, _hidden) = (name, batch, hidden);
        var units = checked(batch.Groups * batch.Steps);
        _pieces = [.. Enumerable.Range(0, (hidden + UnitsPerPiece - 1) / UnitsPerPiece).Select(i => new LstmPiece<T>(i * UnitsPerPiece, Math.Min(UnitsPerPiece, hidden - i * UnitsPerPiece), hidden))];
        (_hiddenBlocks, _gateBlocks) = (Table(hidden, 1), Table(Gates * hidden, 1));
        (_hiddenRows, _gateColumns) = (Table(hidden, LaneBlock.Width), Table(Gates * hidden, LaneBlock.Width));
        (_earlierSteps, _laterSteps) = (SampleTable(hidden, 0), SampleTable(Gates * hidden, 1));
        (_gates, _cells) = (Blocks(checked(units * Gates * hidden)), Blocks(units * hidden));
        (_zeros, _hiddenGradient, _cellGradient) = (Blocks(hidden), Blocks(batch.Groups * hidden), Blocks(batch.Groups * hidden));

        static int[] Table(int count, int stride) => [.. Enumerable.Range(0, count).Select(i => i * stride)];
        static AlignedBuffer<T> Blocks(int count) => new(checked(count * LaneBlock.Width));
        int[] SampleTable(int rows, int firstStep) =>
            [.. Enumerable.Range(0, (batch.Steps - 1) * LaneBlock.Width).Select(i => (i / LaneBlock.Width + firstStep) * rows * LaneBlock.Width + i % LaneBlock.Width)];
    }

    public string Name { get; }

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        var units = _batch.Groups * _batch.Steps;
        OperationShape.RequireCount(Name, 2, inputs.Count);
        OperationShape.Require(Name, "z", [units, Gates * _hidden, LaneBlock.Width], inputs[0]);
        OperationShape.Require(Name, "U", [_hidden, Gates * _hidden], inputs[1]);
        return [units, _hidden, LaneBlock.Width];
    }

    public void Forward(OperationCall<T> call)
    {
        (_call, _phase) = (call, Phase.Pack);
        call.Team.Run(this, _pieces.Length);
        _phase = Phase.Forward;
        for (_step = 0; _step < _batch.Steps; _step++) call.Team.Run(this, _batch.Groups * _pieces.Length);
    }

    /// <summary>From the last step to the first: dh_t = dh_t from above + U dz_(t+1), dz_t by the cell; then dU = sum over t of h_(t-1) dz_t^T.</summary>
    public void Backward(OperationCall<T> call)
    {
        (_call, _phase) = (call, Phase.Backward);
        // dz is needed on the way to dU, whoever else wants it.
        var wanted = call.InputGradient(0);
        if (!wanted.IsEmpty) _gateGradient = wanted;
        else if (_gateGradient.IsEmpty) _gateGradient = new AlignedBuffer<T>(_gates.Length).Memory;
        for (_step = _batch.Steps - 1; _step >= 0; _step--) call.Team.Run(this, _batch.Groups * _pieces.Length);
        RecurrentGradient(call);
    }

    /// <summary>One piece of the hidden units: of one group at the present step, or its columns of U.</summary>
    public void Run(int index, int worker)
    {
        if (_phase == Phase.Pack)
        {
            _pieces[index].PackForward(_call.Input(1));
            if (_call.Result.HasGradient) _pieces[index].PackBackward(_call.Input(1));
            return;
        }

        var (group, piece) = (index / _pieces.Length, _pieces[index % _pieces.Length]);
        var active = _step < _batch.LongestLength(group);
        if (_phase == Phase.Backward) BackwardStep(group, piece, active);
        else if (active) ForwardStep(group, piece);
    }

    private void ForwardStep(int group, LstmPiece<T> piece)
    {
        var unit = group * _batch.Steps + _step;
        var gates = LaneBlock.Unit(_gates.Span, unit, Gates * _hidden);
        var z = LaneBlock.Unit(_call.Input(0), unit, Gates * _hidden);
        for (var gate = 0; gate < Gates; gate++) piece.Gate(z, gate).CopyTo(piece.Gate(gates, gate));
        if (_step > 0)
        {
            var hiddenBefore = LaneBlock.Unit((ReadOnlySpan<T>)_call.Output, unit - 1, _hidden);
            LaneProduct.Multiply<T>(piece.ForwardWeights, hiddenBefore, OneRow, _hiddenBlocks, gates, OneRow, piece.GateColumns, Accumulation.Add);
        }

        LstmCell.Forward(piece.Gate(gates, 0), piece.Gate(gates, 1), piece.Gate(gates, 2), piece.Gate(gates, 3),
            piece.Part(CellBefore(unit)), piece.Part(LaneBlock.Unit(_cells.Span, unit, _hidden)), piece.Part(LaneBlock.Unit(_call.Output, unit, _hidden)));
    }

    private void BackwardStep(int group, LstmPiece<T> piece, bool active)
    {
        var unit = group * _batch.Steps + _step;
        var z = LaneBlock.Unit(_gateGradient.Span, unit, Gates * _hidden);
        if (!active)
        {
            for (var gate = 0; gate < Gates; gate++) piece.Gate(z, gate).Clear();
            return;
        }

        var hidden = LaneBlock.Unit(_hiddenGradient.Span, group, _hidden);
        var cell = piece.Part(LaneBlock.Unit(_cellGradient.Span, group, _hidden));
        piece.Part(LaneBlock.Unit(_call.OutputGradient, unit, _hidden)).CopyTo(piece.Part(hidden));
        if (_step + 1 == _batch.LongestLength(group))
        {
            cell.Clear();
        }
        else
        {
            var later = LaneBlock.Unit((ReadOnlySpan<T>)_gateGradient.Span, unit + 1, Gates * _hidden);
            LaneProduct.Multiply<T>(piece.BackwardWeights, later, OneRow, _gateBlocks, hidden, OneRow, piece.HiddenColumns, Accumulation.Add);
        }

        var gates = LaneBlock.Unit(_gates.Span, unit, Gates * _hidden);
        LstmCell.Backward(piece.Gate(gates, 0), piece.Gate(gates, 1), piece.Gate(gates, 2), piece.Gate(gates, 3),
            piece.Part(CellBefore(unit)), piece.Part(LaneBlock.Unit(_cells.Span, unit, _hidden)), piece.Part(hidden), cell,
            piece.Gate(z, 0), piece.Gate(z, 1), piece.Gate(z, 2), piece.Gate(z, 3));
    }

    private void RecurrentGradient(OperationCall<T> call)
    {
        var gradient = call.InputGradient(1).Span;
        if (gradient.IsEmpty) return;
        var accumulation = Accumulation.Overwrite;
        for (var group = 0; group < _batch.Groups; group++)
        {
            var samples = (_batch.LongestLength(group) - 1) * LaneBlock.Width;
            if (samples <= 0) continue;
            var hidden = new MatrixOperand<T>(LaneBlock.Unit((ReadOnlySpan<T>)call.Output, group, _batch.Steps * _hidden), _hiddenRows, _earlierSteps.AsSpan(0, samples));
            var z = new MatrixOperand<T>(LaneBlock.Unit((ReadOnlySpan<T>)_gateGradient.Span, group, _batch.Steps * Gates * _hidden), _laterSteps.AsSpan(0, samples), _gateColumns);
            Gemm.Multiply(_hidden, Gates * _hidden, samples, hidden, z, gradient, Gates * _hidden, 1, accumulation, call.Team);
            accumulation = Accumulation.Add;
        }

        if (accumulation == Accumulation.Overwrite) gradient.Clear();
    }

    private ReadOnlySpan<T> CellBefore(int unit) => _step == 0 ? _zeros.Span : LaneBlock.Unit(_cells.Span, unit - 1, _hidden);

    private enum Phase
    {
        Pack,
        Forward,
        Backward,
    }
}
