using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>y[u] = the rows of x[u], then rows of zeros. Input: x [units, A, 16]; result [units, rows, 16].</summary>
public sealed class PadRows<T>(string name, int rows) : IOperation<T>
    where T : unmanaged
{
    private int _taken;

    public string Name => name;

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(name, 1, inputs.Count);
        if (inputs[0] is not [var units, var taken, LaneBlock.Width] || taken > rows)
            throw new ArgumentException($"{name}: expected [units, at most {rows}, {LaneBlock.Width}], found [{string.Join(", ", inputs[0])}]");
        _taken = taken * LaneBlock.Width;
        return [units, rows, LaneBlock.Width];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var (at, from) = (0, 0); at < call.Result.Length; at += rows * LaneBlock.Width, from += _taken)
        {
            var unit = call.Output.Slice(at, rows * LaneBlock.Width);
            call.Input(0).Slice(from, _taken).CopyTo(unit);
            unit[_taken..].Clear();
        }
    }

    /// <summary>dx is the part of dy where x was.</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var dx = call.InputGradient(0);
        if (dx.IsEmpty) return;
        for (var (at, to) = (0, 0); at < call.Result.Length; at += rows * LaneBlock.Width, to += _taken) call.OutputGradient.Slice(at, _taken).CopyTo(dx.Span[to..]);
    }
}
