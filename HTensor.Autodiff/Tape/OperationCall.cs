using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>The memory that one operation of a tape reads and writes, and the threads to do it with.</summary>
public sealed class OperationCall<T>
{
    private readonly Memory<T>[] _inputGradients;

    internal OperationCall(IReadOnlyList<Variable<T>> inputs, Variable<T> result)
    {
        Inputs = inputs;
        Result = result;
        _inputGradients = new Memory<T>[inputs.Count];
    }

    public IReadOnlyList<Variable<T>> Inputs { get; }

    public Variable<T> Result { get; }

    public ThreadTeam Team { get; internal set; } = ThreadTeam.Inline;

    public ReadOnlySpan<T> Input(int index) => Inputs[index].Value.Span;

    public Span<T> Output => Result.Value.Span;

    public ReadOnlySpan<T> OutputGradient => Result.Gradient.Span;

    /// <summary>Where the gradient of an input is to be written; empty where none is wanted.</summary>
    public Memory<T> InputGradient(int index) => _inputGradients[index];

    internal void SetInputGradient(int index, Memory<T> gradient) => _inputGradients[index] = gradient;
}
