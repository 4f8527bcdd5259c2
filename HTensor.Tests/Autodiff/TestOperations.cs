using HTensor.Autodiff;

namespace HTensor.Tests.Autodiff;

/// <summary>y[i] = a[i] b[i].</summary>
internal sealed class Times(string name) : IOperation<double>
{
    public string Name => name;

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        OperationShape.RequireCount(name, 2, inputs.Count);
        OperationShape.Require(name, "b", inputs[0], inputs[1]);
        return inputs[0];
    }

    public void Forward(OperationCall<double> call)
    {
        for (var i = 0; i < call.Output.Length; i++) call.Output[i] = call.Input(0)[i] * call.Input(1)[i];
    }

    public void Backward(OperationCall<double> call)
    {
        var da = call.InputGradient(0).Span;
        var db = call.InputGradient(1).Span;
        for (var i = 0; i < da.Length; i++) da[i] = call.OutputGradient[i] * call.Input(1)[i];
        for (var i = 0; i < db.Length; i++) db[i] = call.OutputGradient[i] * call.Input(0)[i];
    }
}

/// <summary>y = sum of w[i] x[i] over fixed weights, an entry each; an entry of weight 0 is not read.</summary>
internal sealed class WeightedSum(string name, double[] weights, double backwardFactor = 1) : IOperation<double>
{
    public string Name => name;

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        OperationShape.RequireCount(name, 1, inputs.Count);
        Assert.Equal(weights.Length, inputs[0].Aggregate(1, (product, size) => product * size));
        return [1];
    }

    public void Forward(OperationCall<double> call)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++) sum += weights[i] == 0 ? 0 : weights[i] * call.Input(0)[i];
        call.Output[0] = sum;
    }

    /// <summary>dx[i] = w[i] dy; a factor other than 1 is a fault on purpose.</summary>
    public void Backward(OperationCall<double> call)
    {
        var dx = call.InputGradient(0).Span;
        for (var i = 0; i < dx.Length; i++) dx[i] = backwardFactor * weights[i] * call.OutputGradient[0];
    }
}
