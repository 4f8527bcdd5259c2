using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>Tensor trains as hierarchical Tucker over the linear tree, and back; a tree of that shape is a train with leaf frames. No entry changes.</summary>
internal static class TreeTrain
{
    /// <summary>
    /// The train's cores as transfer tensors, its modes' frames the identity, or, where a mode is larger than r_k r_(k+1), the Q of its unfolding. Over the
    /// linear tree, whose nodes are leaf 0, then leaf k and pair k in turn.
    /// </summary>
    public static TreeTensor<T> ToTree<T>(TreeTensor<T> train)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var order = train.Order;
        var tree = new TreeLayout(DimensionTree.Linear(order)).Cores;
        var result = new TreeTensor<T>(tree, train.ModeSizes, new int[tree.Count], new T[tree.Count][]);
        (result.Ranks[0], result.Cores[0]) = (train.C(0), train.Cores[0]);
        for (var k = 1; k < order; k++)
        {
            var (leaf, pair) = (2 * k - 1, 2 * k);
            var (n, a, c) = (train.B(k), train.A(k), train.C(k));
            (result.Ranks[leaf], result.Ranks[pair], result.Cores[leaf], result.Cores[pair]) = (n, c, Identity<T>(n), train.Cores[k]);
            if (n > a * c) Split(result, leaf, train.Cores[k], a, n, c);
        }

        return result;
    }

    private static void Split<T>(TreeTensor<T> result, int leaf, T[] core, int a, int n, int c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var k = a * c;
        T[] q = new T[n * k], r = new T[k * k];
        var unfolded = Permutation.Apply(core, [a, n, c], [1, 0, 2]);
        Qr.Factor<T>(n, k, new MatrixOperand<T>(unfolded, k, 1), q, r, ThreadTeam.Inline);
        (result.Ranks[leaf], result.Cores[leaf], result.Cores[leaf + 1]) = (k, q, Permutation.Apply(r, [k, a, c], [1, 0, 2]));
    }

    public static T[] Identity<T>(int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var identity = new T[n * n];
        for (var i = 0; i < n; i++) identity[i * n + i] = T.One;
        return identity;
    }

    /// <summary>The train of a tensor over any tree: over the linear one first, then each mode's frame into its pair.</summary>
    public static TreeTensor<T> OfTree<T>(TreeTensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var order = x.Order;
        var linear = TreeChange.Run(x, new TreeLayout(DimensionTree.Linear(order)).Cores);
        var train = new TreeTensor<T>(CoreTree.Train(order), x.ModeSizes, new int[order], new T[order][]);
        (train.Ranks[0], train.Cores[0]) = (linear.Ranks[0], linear.Cores[0]);
        for (var k = 1; k < order; k++)
        {
            int pair = 2 * k, a = linear.A(pair), b = linear.B(pair), c = linear.C(pair), n = x.ModeSizes[k];
            var core = new T[AlgebraGuard.CoreLength(a, n, c)];
            RowMajor.MultiplyEach<T>(a, n, c, b, linear.Cores[pair - 1], linear.Cores[pair], core);
            (train.Ranks[k], train.Cores[k]) = (c, core);
        }

        return train;
    }
}
