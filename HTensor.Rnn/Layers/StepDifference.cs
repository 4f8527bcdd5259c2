using System.Numerics;
using System.Numerics.Tensors;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// y_t = z_t - z_(t-1), y_0 = 0, over the steps of each sample: of z = W^T x without a bias the same as W^T (x_t - x_(t-1)), for rows of z
/// instead of x. Input and result: [groups * steps, rows, 16], zeros behind a group's longest sample.
/// </summary>
internal sealed class StepDifference<T>(string name, ISequenceBatch batch) : IOperation<T>, IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int _rows;
    private bool _isBackward;
    private OperationCall<T> _call = null!;

    public string Name => name;

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        OperationShape.RequireCount(name, 1, inputs.Count);
        if (inputs[0] is not [var units, var rows, LaneBlock.Width] || units != batch.Groups * batch.Steps)
            throw new ArgumentException($"{name}: expected [{batch.Groups * batch.Steps}, rows, {LaneBlock.Width}], found [{string.Join(", ", inputs[0])}]");
        _rows = rows;
        return inputs[0];
    }

    public void Forward(OperationCall<T> call) => Run(call, backward: false);

    /// <summary>dz_t = dy_t - dy_(t+1), without dy_0 and what is behind the last step.</summary>
    public void Backward(OperationCall<T> call)
    {
        if (!call.InputGradient(0).IsEmpty) Run(call, backward: true);
    }

    public void Run(int index, int worker)
    {
        var (step, longest) = (index % batch.Steps, batch.LongestLength(index / batch.Steps));
        if (!_isBackward)
        {
            var y = LaneBlock.Unit(_call.Output, index, _rows);
            if (step == 0 || step >= longest) y.Clear();
            else TensorPrimitives.Subtract(LaneBlock.Unit(_call.Input(0), index, _rows), LaneBlock.Unit(_call.Input(0), index - 1, _rows), y);
            return;
        }

        var dz = LaneBlock.Unit(_call.InputGradient(0).Span, index, _rows);
        var dy = _call.OutputGradient;
        if (step == 0 || step >= longest) dz.Clear();
        else LaneBlock.Unit(dy, index, _rows).CopyTo(dz);
        if (step + 1 < longest) TensorPrimitives.Subtract(dz, LaneBlock.Unit(dy, index + 1, _rows), dz);
    }

    private void Run(OperationCall<T> call, bool backward)
    {
        (_call, _isBackward) = (call, backward);
        call.Team.Run(this, batch.Groups * batch.Steps);
    }
}
