using System.Numerics;
using System.Numerics.Tensors;

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

    /// <summary>One of some things that are counted from 0.</summary>
    public static int Place(string what, int count, int index) => index >= 0 && index < count
        ? index
        : throw new ArgumentOutOfRangeException(nameof(index), $"{what}: expected a number from 0 to {count - 1}, found {index}");

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

    /// <summary>An array of a caller's list.</summary>
    public static void Given(string what, Array? values)
    {
        if (values is null) throw new ArgumentException($"{what}: expected an array, found null");
    }

    /// <summary>The length of a core of this shape.</summary>
    /// <exception cref="ArgumentException">More numbers than an array holds.</exception>
    public static int CoreLength(params ReadOnlySpan<int> shape)
    {
        var count = 1.0;
        foreach (var size in shape) count *= size;
        return count <= Array.MaxLength ? (int)count : throw new ArgumentException($"core {Text(shape.ToArray())}: expected at most {Array.MaxLength} numbers, found {count:G3}; Truncate makes ranks smaller");
    }

    /// <exception cref="ArgumentException">A number is none.</exception>
    public static void Finite<T>(string verb, ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!TensorPrimitives.IsFiniteAll(values)) throw new ArgumentException($"{verb}: expected finite entries, found a NaN or an infinity");
    }

    /// <summary>All cores of a tensor, or of the terms of a sum.</summary>
    /// <exception cref="ArgumentException">A number is none.</exception>
    public static void Finite<T>(string verb, TreeTensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var term in x.Sum?.Terms ?? [x])
        {
            foreach (var core in term.Cores) Finite<T>(verb, core);
        }
    }

    /// <summary>The core and all factors.</summary>
    /// <exception cref="ArgumentException">A number is none.</exception>
    public static void Finite<T>(string verb, Tucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Finite<T>(verb, x.CoreArray);
        for (var mode = 0; mode < x.Order; mode++) Finite<T>(verb, x.FactorArray(mode));
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
