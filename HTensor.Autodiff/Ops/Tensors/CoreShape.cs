namespace HTensor.Autodiff;

/// <summary>Cores of two indices are cores of three whose first is 1: frames, and the root's.</summary>
internal static class CoreShape
{
    /// <exception cref="ArgumentException">Neither two indices nor three.</exception>
    public static int[] Of(string operation, IReadOnlyList<int> shape) => shape.Count switch
    {
        2 => [1, .. shape],
        3 => [.. shape],
        _ => throw new ArgumentException($"{operation}: expected cores of two or three indices, found [{string.Join(", ", shape)}]"),
    };
}
