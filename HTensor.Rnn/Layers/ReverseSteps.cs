using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// Each sample's valid steps from the last to the first: y[step] = x[length - 1 - step], zeros from its length on. Its own inverse where x is
/// zero behind the length. Input and result: [groups * steps, rows, 16].
/// </summary>
internal sealed class ReverseSteps<T>(string name, ISequenceBatch batch) : IOperation<T>
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
        return inputs[0];
    }

    public void Forward(OperationCall<T> call) => Reverse(call.Input(0), call.Output);

    /// <summary>dx[step] = dy[length - 1 - step].</summary>
    public void Backward(OperationCall<T> call)
    {
        if (call.InputGradient(0) is { IsEmpty: false } gradient) Reverse(call.OutputGradient, gradient.Span);
    }

    private void Reverse(ReadOnlySpan<T> source, Span<T> destination)
    {
        for (var group = 0; group < batch.Groups; group++)
        {
            var lengths = batch.Lengths.Slice(group * LaneBlock.Width, LaneBlock.Width);
            for (var step = 0; step < batch.Steps; step++)
            {
                var to = LaneBlock.Unit(destination, group * batch.Steps + step, _rows);
                if (step < batch.LongestLength(group) && !lengths.ContainsAnyExcept(lengths[0]))
                {
                    LaneBlock.Unit(source, group * batch.Steps + lengths[0] - 1 - step, _rows).CopyTo(to);
                    continue;
                }

                to.Clear();
                for (var lane = 0; lane < LaneBlock.Width; lane++)
                {
                    if (step >= lengths[lane]) continue;
                    var from = LaneBlock.Unit(source, group * batch.Steps + lengths[lane] - 1 - step, _rows);
                    for (var i = lane; i < from.Length; i += LaneBlock.Width) to[i] = from[i];
                }
            }
        }
    }
}
