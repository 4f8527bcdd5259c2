namespace HTensor.Kernels;

/// <summary>The checks at a kernel's entry. The messages name what, expected, and found.</summary>
internal static class SpanGuard
{
    public static void SameLength(int expected, int found, string of, string name)
    {
        if (found != expected) ThrowLength(expected, found, of, name);
    }

    /// <summary>Refuses a destination that starts inside the source: some of its writes would come before the reads they spoil.</summary>
    public static void SameOrDisjoint<T>(ReadOnlySpan<T> source, ReadOnlySpan<T> destination)
    {
        if (source.Overlaps(destination, out var offset) && offset != 0) ThrowOverlap(offset, destination);
    }

    private static void ThrowLength(int expected, int found, string of, string name) =>
        throw new ArgumentException($"length of {name}: expected {expected}, the length of {of}, found {found}", name);

    private static void ThrowOverlap<T>(int offset, ReadOnlySpan<T> destination) =>
        throw new ArgumentException(
            $"destination: expected the source itself or memory apart from it, found {destination.Length} elements that start {offset} elements into the source",
            nameof(destination));
}
