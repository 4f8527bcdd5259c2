using System.Numerics;

namespace HTensor.Core;

/// <summary>Refuses what does not fit, in one way for all verbs of the algebra.</summary>
internal static class AlgebraGuard
{
    public static string Text(IEnumerable<int> sizes) => $"[{string.Join(", ", sizes)}]";

    /// <exception cref="ArgumentException">Other mode sizes, or another tree.</exception>
    public static void Same<T>(string verb, TreeTensor<T> x, TreeTensor<T> y, int exceptMode = -1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Order != y.Order) throw new ArgumentException($"{verb}: expected tensors of one order, found {Text(x.ModeSizes)} and {Text(y.ModeSizes)}");
        for (var mode = 0; mode < x.Order; mode++)
        {
            if (mode != exceptMode && x.ModeSizes[mode] != y.ModeSizes[mode])
                throw new ArgumentException($"{verb}: expected the same size of mode {mode}, found {Text(x.ModeSizes)} and {Text(y.ModeSizes)}");
        }

        if (!x.Tree.SameAs(y.Tree))
            throw new ArgumentException($"{verb}: expected the same dimension tree, found {x.Tree.ToDimensionTree()} and {y.Tree.ToDimensionTree()}; ChangeTree makes one of the other");
    }

    public static void Mode(string verb, int order, int mode)
    {
        if (mode < 0 || mode >= order) throw new ArgumentOutOfRangeException(nameof(mode), $"{verb}: expected a mode from 0 to {order - 1}, found {mode}");
    }

    /// <summary>Distinct modes of a tensor; which of all they are.</summary>
    public static bool[] Modes(string verb, int order, IReadOnlyList<int> modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        var named = new bool[order];
        foreach (var mode in modes)
        {
            Mode(verb, order, mode);
            if (named[mode]) throw new ArgumentException($"{verb}: expected each mode once, found mode {mode} twice in {Text(modes)}");
            named[mode] = true;
        }

        return named;
    }

    public static void SomeStays(string verb, bool[] gone)
    {
        if (!gone.Contains(false)) throw new ArgumentException($"{verb}: expected at least one mode to stay, found all {gone.Length} named");
    }

    public static void Length(string what, long expected, long found)
    {
        if (expected != found) throw new ArgumentException($"{what}: expected {expected} numbers, found {found}");
    }

    public static void Count(string what, int expected, int found)
    {
        if (expected != found) throw new ArgumentException($"{what}: expected {expected}, found {found}");
    }

    public static void Index(string verb, int mode, int size, int index)
    {
        if (index < 0 || index >= size) throw new ArgumentOutOfRangeException(nameof(index), $"{verb}: mode {mode}: expected an index from 0 to {size - 1}, found {index}");
    }

    /// <summary>Each number 0 to d - 1 once.</summary>
    public static void Permutation(string verb, int order, IReadOnlyList<int> modes)
    {
        Modes(verb, order, modes);
        Count($"{verb}: modes", order, modes.Count);
    }

    /// <summary>Numbers that one array holds.</summary>
    public static int EntryCount(string verb, IReadOnlyList<int> sizes)
    {
        var count = sizes.Aggregate(1.0, (product, size) => product * size);
        return count <= Array.MaxLength ? (int)count : throw new ArgumentException($"{verb}: expected at most {Array.MaxLength} entries, found {count:E2} in {Text(sizes)}");
    }
}
