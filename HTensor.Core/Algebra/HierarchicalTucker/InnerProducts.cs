using System.Numerics;

namespace HTensor.Core;

public static partial class HierarchicalTucker
{
    /// <summary>sum X[i] Y[i]: 3 r^4 multiply-adds a node. Infinite or 0 where a double cannot hold it: <see cref="ScaledInner"/> can.</summary>
    /// <exception cref="ArgumentException">Other mode sizes, or another tree.</exception>
    public static double Inner<T>(HierarchicalTucker<T> x, HierarchicalTucker<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ScaledInner(x, y).Value;

    /// <summary>The inner product with an exponent of its own: no order is too high for it.</summary>
    /// <exception cref="ArgumentException">Other mode sizes, or another tree.</exception>
    public static ScaledNumber ScaledInner<T>(HierarchicalTucker<T> x, HierarchicalTucker<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireSame("inner product", x, y);
        return TreeInner.Of(x.Network, y.Network);
    }

    /// <summary>
    /// The matricized tensor times the Khatri-Rao product of all factors but one: M[i, s] = sum X[..., i, ...] prod_(k != mode) F_k[i_k, s].
    /// </summary>
    /// <param name="x">X.</param>
    /// <param name="factors">F_k [n_k, columns] of each mode, row-major; that of <paramref name="mode"/> is not read.</param>
    /// <param name="columns">Columns of every factor.</param>
    /// <param name="mode">The mode that stays.</param>
    /// <returns>M [n_mode, columns].</returns>
    /// <exception cref="ArgumentException">A count or length does not fit.</exception>
    public static T[] Mttkrp<T>(HierarchicalTucker<T> x, IReadOnlyList<T[]> factors, int columns, int mode)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        TreeFactors.Require("MTTKRP", x.Network, factors, columns, mode);
        return TreeMttkrp.Of(x.Network, factors, columns, mode);
    }
}
