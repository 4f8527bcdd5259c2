using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>y[u, m, lane] = x[u, m, lane] + b[m]. Inputs: x [units, M, 16], b [M].</summary>
public sealed class AddBias<T>(string name) : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private AlignedBuffer<T> _sums = new(0);

    public string Name => name;

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(name, 2, inputs.Count);
        if (inputs[0] is not [_, var rows, LaneBlock.Width]) throw new ArgumentException($"{name}: expected [units, rows, {LaneBlock.Width}], found [{string.Join(", ", inputs[0])}]");
        OperationShape.Require(name, "bias", [rows], inputs[1]);
        _sums = new AlignedBuffer<T>(rows * LaneBlock.Width);
        return inputs[0];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var unit = _sums.Length;
        for (var first = 0; first < call.Result.Length; first += unit) LaneBias.Add(call.Input(0).Slice(first, unit), call.Input(1), call.Output.Slice(first, unit));
    }

    /// <summary>dx = dy; db[m] = sum over units and lanes of dy[u, m, lane].</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var dy = call.OutputGradient;
        var dx = call.InputGradient(0).Span;
        var db = call.InputGradient(1).Span;
        if (!dx.IsEmpty) dy.CopyTo(dx);
        if (db.IsEmpty) return;
        _sums.Span.Clear();
        for (var first = 0; first < dy.Length; first += _sums.Length) LaneBias.Accumulate(dy.Slice(first, _sums.Length), _sums.Span);
        LaneProduct.SumLanes(_sums.Span, db);
    }
}
