using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>y = sqrt(sum x_i^2). One input of any shape.</summary>
public sealed class FrobeniusNorm<T>(string name) : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public string Name => name;

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(Name, 1, inputs.Count);
        return [1];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.Output[0] = T.Sqrt(SumOfSquares.Of(call.Input(0)));
    }

    /// <summary>dx = x dy / y; 0 at x = 0, the smallest of its subgradients.</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var (x, norm) = (call.Inputs[0].Value, call.Output[0]);
        var gradient = call.InputGradient(0).Span;
        var factor = norm > T.Zero ? call.OutputGradient[0] / norm : T.Zero;
        for (var i = 0; i < gradient.Length; i++) gradient[i] = factor * x.Span[i];
    }
}
