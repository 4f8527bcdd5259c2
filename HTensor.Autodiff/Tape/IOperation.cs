namespace HTensor.Autodiff;

/// <summary>
/// One differentiable operation. Forward and backward stand side by side; both run in the arena of the tape and allocate nothing.
/// An instance belongs to one place of one tape: it may keep what its backward pass needs.
/// </summary>
public interface IOperation<T>
{
    /// <summary>Name for reports.</summary>
    string Name { get; }

    /// <summary>Shape of the result for inputs of these shapes. Called once, when the operation is recorded: the place to make buffers.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit; the message names what was expected and found.</exception>
    IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs);

    /// <summary>Writes all of the call's output.</summary>
    void Forward(OperationCall<T> call);

    /// <summary>Overwrites each input gradient that is not empty by the adjoint of the forward pass that ran last.</summary>
    void Backward(OperationCall<T> call);
}
