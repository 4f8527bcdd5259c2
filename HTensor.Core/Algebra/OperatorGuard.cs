using System.Numerics;

namespace HTensor.Core;

/// <summary>Refuses operators and tensors that do not fit.</summary>
internal static class OperatorGuard
{
    public static void Sizes(IReadOnlyList<int> rows, IReadOnlyList<int> columns, IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        AlgebraGuard.Count("operator: row sizes", sizes.Count, rows.Count);
        AlgebraGuard.Count("operator: column sizes", sizes.Count, columns.Count);
        for (var mode = 0; mode < sizes.Count; mode++)
        {
            if (rows[mode] < 1 || columns[mode] < 1 || (long)rows[mode] * columns[mode] != sizes[mode])
                throw new ArgumentException($"operator: mode {mode}: expected a size of {rows[mode]} x {columns[mode]}, found {sizes[mode]}");
        }
    }

    public static void Fits<T>(string verb, TreeTensor<T> map, IReadOnlyList<int> columns, TreeTensor<T> to, IReadOnlyList<int> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!columns.SequenceEqual(rows)) throw new ArgumentException($"{verb}: expected mode sizes {AlgebraGuard.Text(columns)}, found {AlgebraGuard.Text(rows)}");
        if (!map.Tree.SameAs(to.Tree)) throw new ArgumentException($"{verb}: expected the same dimension tree, found {map.Tree.ToDimensionTree()} and {to.Tree.ToDimensionTree()}; ChangeTree makes one of the other");
    }
}
