using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>y[u] = the rows of a[u], then those of b[u]. Inputs: a [units, A, 16], b [units, B, 16]; result [units, A + B, 16].</summary>
public sealed class JoinRows<T>(string name) : IOperation<T>
    where T : unmanaged
{
    private int _first, _second;

    public string Name => name;

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(name, 2, inputs.Count);
        if (inputs[0] is not [var units, var first, LaneBlock.Width]) throw new ArgumentException($"{name}: expected [units, rows, {LaneBlock.Width}], found [{string.Join(", ", inputs[0])}]");
        if (inputs[1] is not [var others, var second, LaneBlock.Width] || others != units)
            throw new ArgumentException($"{name}: expected [{units}, rows, {LaneBlock.Width}], found [{string.Join(", ", inputs[1])}]");
        (_first, _second) = (first * LaneBlock.Width, second * LaneBlock.Width);
        return [units, checked(first + second), LaneBlock.Width];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var (unit, at) = (0, 0); at < call.Result.Length; unit++, at += _first + _second)
        {
            call.Input(0).Slice(unit * _first, _first).CopyTo(call.Output[at..]);
            call.Input(1).Slice(unit * _second, _second).CopyTo(call.Output[(at + _first)..]);
        }
    }

    /// <summary>da and db are the two parts of dy.</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var (da, db) = (call.InputGradient(0), call.InputGradient(1));
        for (var (unit, at) = (0, 0); at < call.Result.Length; unit++, at += _first + _second)
        {
            if (!da.IsEmpty) call.OutputGradient.Slice(at, _first).CopyTo(da.Span[(unit * _first)..]);
            if (!db.IsEmpty) call.OutputGradient.Slice(at + _first, _second).CopyTo(db.Span[(unit * _second)..]);
        }
    }
}
