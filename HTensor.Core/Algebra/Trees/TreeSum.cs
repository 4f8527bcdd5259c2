using System.Numerics;
using System.Numerics.Tensors;

namespace HTensor.Core;

/// <summary>
/// sum_i w_i X_i without rounding: frames side by side, transfer tensors block diagonal, the weights and the sum over terms at the root. With a mode
/// to join, the terms stand one behind the other in it instead of on each other.
/// </summary>
internal static class TreeSum
{
    private const int None = -1;

    public static TreeTensor<T> Of<T>(IReadOnlyList<TreeTensor<T>> terms, ReadOnlySpan<T> weights, int joinedMode = None)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tree = terms[0].Tree;
        var sizes = (int[])terms[0].ModeSizes.Clone();
        if (joinedMode >= 0) sizes[joinedMode] = checked(terms.Sum(term => term.ModeSizes[joinedMode]));
        var ranks = new int[tree.Count];
        for (var node = 0; node < tree.Root; node++)
        {
            foreach (var term in terms) ranks[node] = checked(ranks[node] + term.Ranks[node]);
        }

        ranks[tree.Root] = 1;
        var result = new TreeTensor<T>(tree, sizes, ranks, new T[tree.Count][]);
        for (var node = 0; node < tree.Count; node++)
        {
            result.Cores[node] = new T[result.Length(node)];
            Place(result, terms, weights, node, joinedMode);
        }

        return result;
    }

    private static void Place<T>(TreeTensor<T> result, IReadOnlyList<TreeTensor<T>> terms, ReadOnlySpan<T> weights, int node, int joinedMode)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tree = result.Tree;
        var (root, hasLeft) = (node == tree.Root, tree.Left[node] >= 0);
        var stacked = tree.Right[node] >= 0 || (joinedMode >= 0 && tree.Mode[node] == joinedMode);
        int firstA = 0, firstB = 0, firstC = 0, b = result.B(node), c = result.C(node);
        for (var i = 0; i < terms.Count; i++)
        {
            var term = terms[i];
            int ownA = term.A(node), ownB = term.B(node), ownC = term.C(node);
            ReadOnlySpan<T> source = term.Cores[node];
            var target = result.Cores[node].AsSpan();
            for (var ia = 0; ia < ownA; ia++)
            {
                for (var ib = 0; ib < ownB; ib++)
                {
                    var from = source.Slice((ia * ownB + ib) * ownC, ownC);
                    var to = target.Slice(((firstA + ia) * b + firstB + ib) * c + firstC, ownC);
                    if (root) to[0] = T.FusedMultiplyAdd(weights[i], from[0], to[0]);
                    else from.CopyTo(to);
                }
            }

            if (hasLeft) firstA += ownA;
            if (stacked) firstB += ownB;
            if (!root) firstC += ownC;
        }
    }

    /// <summary>factor X: the factor goes into the root's core.</summary>
    public static TreeTensor<T> Scaled<T>(TreeTensor<T> x, T factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var root = new T[x.Cores[x.Tree.Root].Length];
        TensorPrimitives.Multiply(x.Cores[x.Tree.Root], factor, root);
        return x.WithRoot(root);
    }
}
