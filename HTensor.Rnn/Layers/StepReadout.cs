using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// One vector a sample from those of its steps: the last valid one, or the mean of the valid ones.
/// Input: h [groups * steps, H, 16]; result: [groups, H, 16], zeros where there is no sample.
/// </summary>
internal sealed class StepReadout<T>(string name, ISequenceBatch batch, Readout readout) : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int _rows;

    public string Name => name;

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        OperationShape.RequireCount(name, 1, inputs.Count);
        if (inputs[0] is not [var units, var rows, LaneBlock.Width] || units != batch.Groups * batch.Steps)
            throw new ArgumentException($"{name}: expected [{batch.Groups * batch.Steps}, rows, {LaneBlock.Width}], found [{string.Join(", ", inputs[0])}]");
        _rows = rows;
        return [batch.Groups, rows, LaneBlock.Width];
    }

    /// <summary>y[lane] = sum over steps of weight[step, lane] h[step, lane].</summary>
    public void Forward(OperationCall<T> call)
    {
        Span<T> weights = stackalloc T[LaneBlock.Width];
        call.Output.Clear();
        for (var unit = 0; unit < batch.Groups * batch.Steps; unit++)
        {
            if (!Weights(unit, weights)) continue;
            var h = LaneBlock.Unit(call.Input(0), unit, _rows);
            var y = LaneBlock.Unit(call.Output, unit / batch.Steps, _rows);
            for (var i = 0; i < h.Length; i++) y[i] += weights[i % LaneBlock.Width] * h[i];
        }
    }

    /// <summary>dh[step, lane] = weight[step, lane] dy[lane].</summary>
    public void Backward(OperationCall<T> call)
    {
        Span<T> weights = stackalloc T[LaneBlock.Width];
        var gradient = call.InputGradient(0).Span;
        if (gradient.IsEmpty) return;
        gradient.Clear();
        for (var unit = 0; unit < batch.Groups * batch.Steps; unit++)
        {
            if (!Weights(unit, weights)) continue;
            var dh = LaneBlock.Unit(gradient, unit, _rows);
            var dy = LaneBlock.Unit(call.OutputGradient, unit / batch.Steps, _rows);
            for (var i = 0; i < dh.Length; i++) dh[i] = weights[i % LaneBlock.Width] * dy[i];
        }
    }

    /// <summary>What each lane of a step counts for; false where none of them does.</summary>
    private bool Weights(int unit, Span<T> weights)
    {
        var (group, step) = (unit / batch.Steps, unit % batch.Steps);
        if (step >= batch.LongestLength(group)) return false;
        var any = false;
        for (var lane = 0; lane < LaneBlock.Width; lane++)
        {
            var length = batch.Lengths[group * LaneBlock.Width + lane];
            var counts = readout == Readout.Last ? step + 1 == length : step < length;
            weights[lane] = !counts ? T.Zero : readout == Readout.Last ? T.One : T.One / T.CreateChecked(length);
            any |= counts;
        }

        return any;
    }
}
