using System.Numerics;
using System.Numerics.Tensors;

namespace HTensor.Core;

public static partial class HierarchicalTucker
{
    /// <summary>X[i_0, ..., i_(d-1)]: r^3 multiply-adds a node.</summary>
    /// <exception cref="ArgumentException">Not one index a mode, or one that is none of the mode's.</exception>
    public static T Entry<T>(HierarchicalTucker<T> x, params ReadOnlySpan<int> indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        AlgebraGuard.Count("entry: indices", x.Order, indices.Length);
        return EntryArguments.Read(x.Network, indices)[0];
    }

    /// <summary>Many entries.</summary>
    /// <param name="x">X.</param>
    /// <param name="indices">[count, d], row-major: the indices of each entry.</param>
    /// <exception cref="ArgumentException">The length is no multiple of the order, or an index is none of its mode's.</exception>
    public static T[] Entries<T>(HierarchicalTucker<T> x, ReadOnlySpan<int> indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return EntryArguments.Read(x.Network, indices);
    }

    /// <summary>All entries, row-major, mode 0 slowest.</summary>
    /// <exception cref="ArgumentException">More entries than an array holds.</exception>
    public static T[] ToArray<T>(HierarchicalTucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        AlgebraGuard.EntryCount("dense tensor", x.ModeSizes);
        return TreeDense.Of(x.Network);
    }

    /// <summary>The tensor itself.</summary>
    /// <exception cref="ArgumentException">More entries than an array holds.</exception>
    public static Tensor<T> ToDense<T>(HierarchicalTucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Tensor.Create(ToArray(x), [.. x.ModeSizes.Select(size => (nint)size)]);
}
