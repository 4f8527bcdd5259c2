namespace HTensor.Core;

internal static class AlgebraGuard
{
    public static string Text(IEnumerable<int> sizes) => $"[{string.Join(", ", sizes)}]";

    public static void Count(string what, int expected, int found)
    {
        if (expected != found) throw new ArgumentException($"{what}: expected {expected}, found {found}");
    }

    public static void Length(string what, long expected, int found)
    {
        if (expected != found) throw new ArgumentException($"{what}: expected {expected} numbers, found {found}");
    }

    public static long EntryCount(string what, IReadOnlyList<int> sizes) => sizes.Aggregate(1L, (product, size) => checked(product * size));
}
