namespace HTensor.Autodiff;

/// <summary>A value that the tape computes or is given, row-major, and where the tape keeps its gradient.</summary>
public sealed class Variable<T>
{
    internal Variable(int number, string name, IReadOnlyList<int> shape, Memory<T> value, Memory<T> gradient) =>
        (Number, Name, Shape, Value, Gradient) = (number, name, shape, value, gradient);

    /// <summary>A parameter's name, an input's, or that of the operation that makes the value.</summary>
    public string Name { get; }

    public IReadOnlyList<int> Shape { get; }

    public int Length => Value.Length;

    public Memory<T> Value { get; }

    /// <summary>d loss / d value after a backward pass; empty where no gradient is wanted.</summary>
    public Memory<T> Gradient { get; }

    /// <summary>Whether a backward pass computes a gradient here.</summary>
    public bool HasGradient => !Gradient.IsEmpty;

    internal int Number { get; }
}
