namespace HTensor.Autodiff;

/// <summary>What a parameter is called and the sizes of its modes, row-major, last index fastest. No modes: one number.</summary>
public sealed record ParameterShape(string Name, IReadOnlyList<int> Sizes)
{
    /// <summary>The product of the sizes.</summary>
    /// <exception cref="OverflowException">The product is beyond an int.</exception>
    public int Length
    {
        get
        {
            var length = 1;
            for (var mode = 0; mode < Sizes.Count; mode++) length = checked(length * Sizes[mode]);
            return length;
        }
    }

    /// <summary>The same name and the same sizes; the list itself need not be the same.</summary>
    public bool Equals(ParameterShape? other) => other is not null && Name == other.Name && Sizes.SequenceEqual(other.Sizes);

    public override int GetHashCode() => HashCode.Combine(Name, Sizes.Count);

    /// <summary>The name and the sizes, for example <c>out.weight [11, 256]</c>.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", Sizes)}]";
}
