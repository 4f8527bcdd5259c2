using System.Numerics;
using System.Numerics.Tensors;

namespace HTensor.Autodiff;

/// <summary>y = max(x, slope x), slope 0.01 unless said otherwise. One input of any shape.</summary>
public sealed class LeakyRelu<T> : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _slope;

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slope"/> is not in [0, 1).</exception>
    public LeakyRelu(string name, double slope = 0.01)
    {
        if (slope is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(slope), $"leaky relu: expected a slope from 0 to below 1, found {slope}");
        (Name, _slope) = (name, T.CreateChecked(slope));
    }

    public string Name { get; }

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(Name, 1, inputs.Count);
        return inputs[0];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        TensorPrimitives.Multiply(call.Input(0), _slope, call.Output);
        TensorPrimitives.Max(call.Input(0), call.Output, call.Output);
    }

    /// <summary>dx = dy where x is above 0, else slope dy.</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var (dx, x, dy) = (call.InputGradient(0), call.Inputs[0].Value, call.Result.Gradient);
        if (dx.IsEmpty) return;
        var from = x.Span;
        var above = dy.Span;
        var to = dx.Span;
        for (var i = 0; i < to.Length; i++) to[i] = from[i] > T.Zero ? above[i] : _slope * above[i];
    }
}
