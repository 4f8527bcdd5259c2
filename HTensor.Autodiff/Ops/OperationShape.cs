namespace HTensor.Autodiff;

/// <summary>Refuses inputs of other shapes in one way for all operations.</summary>
public static class OperationShape
{
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static void Require(string operation, string input, IReadOnlyList<int> expected, IReadOnlyList<int> found)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(found);
        if (!expected.SequenceEqual(found)) throw new ArgumentException($"{operation}: {input}: expected [{string.Join(", ", expected)}], found [{string.Join(", ", found)}]");
    }

    /// <exception cref="ArgumentException">Another number of inputs.</exception>
    public static void RequireCount(string operation, int expected, int found)
    {
        if (expected != found) throw new ArgumentException($"{operation}: expected {expected} inputs, found {found}");
    }
}
