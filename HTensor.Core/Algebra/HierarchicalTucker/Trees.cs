using System.Numerics;

namespace HTensor.Core;

public static partial class HierarchicalTucker
{
    /// <summary>
    /// The same tensor over another tree. Ranks are those that its nodes need, rounding apart: they may be larger or smaller. Pairs of cores are
    /// exchanged on the way: r^4 numbers together and some 20 r^6 multiply-adds each, r the ranks there.
    /// </summary>
    /// <exception cref="ArgumentException">The tree has other modes, an entry is not finite, or two cores on the way have more than 2^24 numbers together.</exception>
    public static HierarchicalTucker<T> ChangeTree<T>(HierarchicalTucker<T> x, DimensionTree tree)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(tree);
        AlgebraGuard.Count("change of tree: modes", x.Order, tree.Modes.Count);
        var layout = new TreeLayout(tree);
        return new HierarchicalTucker<T>(layout, TreeChange.Run(x.Network, layout.Cores));
    }

    /// <summary>The same tensor with its root on the edge above the node that holds these modes, or all but these. No rank grows.</summary>
    /// <exception cref="ArgumentException">The tree has no such node, or an entry is not finite.</exception>
    public static HierarchicalTucker<T> ChangeRoot<T>(HierarchicalTucker<T> x, params IReadOnlyList<int> modes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return Like(x, TreeChange.Run(x.Network, TreeChange.WithRootAbove(x.Tree, x.Network.Tree, modes)));
    }

    /// <summary>
    /// Z[i, j] = sum_k X[i, k] Y[k, j] over pairs of modes: the modes that stay are x's, then y's. Without pairs it is the outer product.
    /// </summary>
    /// <param name="x">X.</param>
    /// <param name="modesOfX">x's mode of each pair.</param>
    /// <param name="y">Y, over any tree.</param>
    /// <param name="modesOfY">y's mode of each pair, of the same size.</param>
    /// <exception cref="ArgumentException">Not as many modes of each, sizes that differ, or no mode that stays: <see cref="Inner"/> is that.</exception>
    public static HierarchicalTucker<T> Contract<T>(HierarchicalTucker<T> x, IReadOnlyList<int> modesOfX, HierarchicalTucker<T> y, IReadOnlyList<int> modesOfY)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var (goneX, goneY) = (AlgebraGuard.Modes("contraction", x.Order, modesOfX), AlgebraGuard.Modes("contraction", y.Order, modesOfY));
        AlgebraGuard.Count("contraction: modes of the second tensor", modesOfX.Count, modesOfY.Count);
        AlgebraGuard.SomeStays("contraction", [.. goneX, .. goneY]);
        for (var k = 0; k < modesOfX.Count; k++)
        {
            if (x.ModeSizes[modesOfX[k]] != y.ModeSizes[modesOfY[k]])
                throw new ArgumentException($"contraction: expected modes of one size, found {x.ModeSizes[modesOfX[k]]} in mode {modesOfX[k]} and {y.ModeSizes[modesOfY[k]]} in mode {modesOfY[k]}");
        }

        return Like(x, TreeContract.Run(x.Network, x.Tree, modesOfX, y.Network, y.Tree, modesOfY));
    }
}
