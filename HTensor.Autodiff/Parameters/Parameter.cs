using System.Numerics;

namespace HTensor.Autodiff;

/// <summary>
/// A named window of a <see cref="ParameterSet{T}"/>: values alone. Its gradient lives on the tape, in one flat buffer of the set's order, at the
/// same <see cref="Offset"/>.
/// </summary>
public sealed class Parameter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal Parameter(ParameterShape shape, int offset, Memory<T> memory)
    {
        Shape = shape;
        Offset = offset;
        Memory = memory;
    }

    public string Name => Shape.Name;

    public ParameterShape Shape { get; }

    /// <summary>Values before this one in its set.</summary>
    public int Offset { get; }

    public int Length => Memory.Length;

    public Memory<T> Memory { get; }

    public Span<T> Values => Memory.Span;
}
