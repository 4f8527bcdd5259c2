using System.Numerics;

namespace HTensor.Core;

public static partial class HierarchicalTucker
{
    /// <summary>A X: ranks multiply, nothing is rounded.</summary>
    /// <exception cref="ArgumentException">Sizes that do not fit, or another tree.</exception>
    public static HierarchicalTucker<T> Apply<T>(HierarchicalTuckerOperator<T> map, HierarchicalTucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Like(x, TreeOperator.Built(Source(map, x)));

    /// <summary>A X, truncated without being built.</summary>
    /// <exception cref="ArgumentException">Sizes that do not fit, another tree, or an entry that is not finite.</exception>
    public static (HierarchicalTucker<T> Tensor, TruncationReport Report) Apply<T>(HierarchicalTuckerOperator<T> map, HierarchicalTucker<T> x, Truncation truncation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Truncate(x, Source(map, x), truncation);

    /// <summary>A B, the map that applies B and then A: ranks multiply, nothing is rounded.</summary>
    /// <exception cref="ArgumentException">Sizes that do not fit, or another tree.</exception>
    public static HierarchicalTuckerOperator<T> Compose<T>(HierarchicalTuckerOperator<T> a, HierarchicalTuckerOperator<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var product = TreeOperator.Built(Source(a, b));
        return new HierarchicalTuckerOperator<T>(a.Rows, b.Columns, Like(a.Tensor, product));
    }

    /// <summary>A B, truncated without being built.</summary>
    /// <exception cref="ArgumentException">Sizes that do not fit, another tree, or an entry that is not finite.</exception>
    public static (HierarchicalTuckerOperator<T> Map, TruncationReport Report) Compose<T>(HierarchicalTuckerOperator<T> a, HierarchicalTuckerOperator<T> b, Truncation truncation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var source = Source(a, b);
        var (tensor, report) = Truncate(a.Tensor, source, truncation);
        return (new HierarchicalTuckerOperator<T>(a.Rows, b.Columns, tensor), report);
    }

    private static KroneckerSource<T> Source<T>(HierarchicalTuckerOperator<T> map, HierarchicalTucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(x);
        OperatorGuard.Fits("apply", map.Tensor.Network, map.Columns, x.Network, x.ModeSizes);
        return TreeOperator.Apply(map.Tensor.Network, map.Rows, x.Network);
    }

    private static KroneckerSource<T> Source<T>(HierarchicalTuckerOperator<T> a, HierarchicalTuckerOperator<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        OperatorGuard.Fits("compose", a.Tensor.Network, a.Columns, b.Tensor.Network, b.Rows);
        return TreeOperator.Compose(a.Tensor.Network, a.Rows, a.Columns, b.Tensor.Network, b.Columns);
    }
}
