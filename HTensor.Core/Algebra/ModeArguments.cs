using System.Numerics;

namespace HTensor.Core;

/// <summary>Modes, matrices, ranges and indices that a caller gives, checked and applied.</summary>
internal static class ModeArguments
{
    public static void Matrix<T>(string verb, TreeTensor<T> x, int mode, int length, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AlgebraGuard.Mode(verb, x.Order, mode);
        if (rows < 1) throw new ArgumentOutOfRangeException(nameof(rows), $"{verb}: expected at least 1 row, found {rows}");
        AlgebraGuard.Length($"{verb}: mode {mode} of size {x.ModeSizes[mode]}, {rows} rows", (long)rows * x.ModeSizes[mode], length);
    }

    public static void Indices<T>(string verb, TreeTensor<T> x, int mode, ReadOnlySpan<int> indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AlgebraGuard.Mode(verb, x.Order, mode);
        if (indices.IsEmpty) throw new ArgumentException($"{verb}: mode {mode}: expected at least one index, found none");
        foreach (var index in indices) AlgebraGuard.Index(verb, mode, x.ModeSizes[mode], index);
    }

    /// <summary>A matrix [rows, n_k] in each named mode.</summary>
    public static TreeTensor<T> Multiply<T>(string verb, TreeTensor<T> x, IReadOnlyList<int> modes, IReadOnlyList<T[]> matrices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(matrices);
        AlgebraGuard.Modes(verb, x.Order, modes);
        AlgebraGuard.Count($"{verb}: matrices", modes.Count, matrices.Count);
        for (var k = 0; k < modes.Count; k++)
        {
            AlgebraGuard.Given($"{verb}: matrix {k}", matrices[k]);
            var (size, length) = (x.ModeSizes[modes[k]], matrices[k].Length);
            if (length == 0 || length % size != 0) throw new ArgumentException($"{verb}: mode {modes[k]}: expected rows of {size} numbers, found {length} in all");
            x = TreeModes.Multiply<T>(x, modes[k], length / size, matrices[k]);
        }

        return x;
    }

    /// <summary>A vector in each named mode; these go.</summary>
    public static TreeTensor<T> Contract<T>(string verb, TreeTensor<T> x, IReadOnlyList<int> modes, IReadOnlyList<T[]> vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var gone = AlgebraGuard.Modes(verb, x.Order, modes);
        AlgebraGuard.SomeStays(verb, gone);
        AlgebraGuard.Count($"{verb}: vectors", modes.Count, vectors.Count);
        for (var k = 0; k < modes.Count; k++)
        {
            AlgebraGuard.Given($"{verb}: vector {k}", vectors[k]);
            Matrix(verb, x, modes[k], vectors[k].Length, 1);
            x = TreeModes.Multiply<T>(x, modes[k], 1, vectors[k]);
        }

        return TreeDrop<T>.Run(x, gone);
    }

    /// <summary>One weight for all indices of each named mode; these go.</summary>
    public static TreeTensor<T> Contract<T>(string verb, TreeTensor<T> x, IReadOnlyList<int> modes, Func<int, T> weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AlgebraGuard.Modes(verb, x.Order, modes);
        return Contract(verb, x, modes, [.. modes.Select(mode => Enumerable.Repeat(weight(mode), x.ModeSizes[mode]).ToArray())]);
    }

    public static TreeTensor<T> Slice<T>(TreeTensor<T> x, IReadOnlyList<Range> ranges)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(ranges);
        AlgebraGuard.Count("slice: ranges", x.Order, ranges.Count);
        for (var mode = 0; mode < ranges.Count; mode++)
        {
            var size = x.ModeSizes[mode];
            int first = ranges[mode].Start.GetOffset(size), end = ranges[mode].End.GetOffset(size);
            if (first < 0 || end > size || first >= end)
                throw new ArgumentException($"slice: mode {mode}: expected a range of at least one index in a size of {size}, found {ranges[mode]}");
            if (end - first < size) x = TreeModes.Select(x, mode, [.. Enumerable.Range(first, end - first)]);
        }

        return x;
    }

    public static bool[] OfSizeOne(IReadOnlyList<int> sizes)
    {
        bool[] gone = [.. sizes.Select(size => size == 1)];
        if (!gone.Contains(false)) gone[0] = false;
        return gone;
    }
}
