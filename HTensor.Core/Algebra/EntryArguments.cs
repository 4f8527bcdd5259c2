using System.Numerics;

namespace HTensor.Core;

/// <summary>Indices that a caller gives, checked and read.</summary>
internal static class EntryArguments
{
    public static T[] Read<T>(TreeTensor<T> x, ReadOnlySpan<int> indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (indices.Length % x.Order != 0) throw new ArgumentException($"entries: expected {x.Order} indices an entry, found {indices.Length} in all");
        for (var i = 0; i < indices.Length; i++) AlgebraGuard.Index("entries", i % x.Order, x.ModeSizes[i % x.Order], indices[i]);
        var entries = new T[indices.Length / x.Order];
        TreeVectors.Entries(x, indices, entries);
        return entries;
    }
}
