using System.Numerics;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// y = the contraction of the inputs as a network of tensors says: products of cores, inner products, frames, mode products. The adjoint of each input is
/// the contraction of all others with dy, by the plan walked backwards.
/// </summary>
public sealed class Contraction<T> : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TensorNetwork _network;
    private readonly ContractionExecutor<T> _executor;

    /// <param name="name">Name for reports.</param>
    /// <param name="network">Two operands or more, the inputs in their order.</param>
    /// <exception cref="ArgumentException">One operand alone: that is no product.</exception>
    public Contraction(string name, TensorNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Operands.Count < 2) throw new ArgumentException($"{name}: expected two operands or more, found {network}");
        (Name, _network) = (name, network);
        _executor = new ContractionExecutor<T>(ContractionPlanner.Plan(network, PlanObjective.Time));
    }

    public string Name { get; }

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(Name, _network.Operands.Count, inputs.Count);
        for (var i = 0; i < inputs.Count; i++) OperationShape.Require(Name, _network.Operands[i].Name, Sizes(_network.OperandModes(i)), inputs[i]);
        return _network.ResultModes.Count == 0 ? [1] : Sizes(_network.ResultModes);
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var i = 0; i < call.Inputs.Count; i++) _executor.Bind(i, call.Inputs[i].Value, default);
        _executor.Forward(call.Team);
        _executor.Value(_executor.ResultNode).CopyTo(call.Output);
    }

    /// <summary>dx_i = the contraction of dy with all inputs but x_i.</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var i = 0; i < call.Inputs.Count; i++) _executor.Bind(i, call.Inputs[i].Value, call.InputGradient(i));
        call.OutputGradient.CopyTo(_executor.Gradient(_executor.ResultNode));
        _executor.Backward(call.Team);
    }

    private int[] Sizes(IReadOnlyList<int> modes) => [.. modes.Select(mode => _network.Sizes[mode])];
}
