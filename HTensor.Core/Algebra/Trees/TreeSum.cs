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

    /// <summary>Terms that are sums themselves give their terms.</summary>
    public static TreeTensor<T> Of<T>(IReadOnlyList<TreeTensor<T>> terms, ReadOnlySpan<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (flat, factors) = (new List<TreeTensor<T>>(), new List<T>());
        for (var i = 0; i < terms.Count; i++)
        {
            var (own, ownWeights) = terms[i].Sum is { } sum ? (sum.Terms, sum.Weights) : ([terms[i]], [T.One]);
            flat.AddRange(own);
            foreach (var weight in ownWeights) factors.Add(weights[i] * weight);
        }

        return new TreeTensor<T>(terms[0].Tree, terms[0].ModeSizes, Ranks(terms), new SumOfTrees<T>([.. flat], [.. factors]));
    }

    /// <summary>X and Y one behind the other in a mode.</summary>
    public static TreeTensor<T> Joined<T>(TreeTensor<T> x, TreeTensor<T> y, int mode)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sizes = (int[])x.ModeSizes.Clone();
        sizes[mode] = checked(sizes[mode] + y.ModeSizes[mode]);
        var result = new TreeTensor<T>(x.Tree, sizes, Ranks([x, y]), new T[x.Tree.Count][]);
        for (var node = 0; node < x.Tree.Count; node++) Place(result, [x, y], [T.One, T.One], node, result.Cores[node] = new T[result.Length(node)], mode);
        return result;
    }

    /// <summary>A core of a sum.</summary>
    public static T[] Core<T>(TreeTensor<T> tensor, int node)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var core = new T[tensor.Length(node)];
        Place(tensor, tensor.Sum!.Terms, tensor.Sum.Weights, node, core, None);
        return core;
    }

    private static int[] Ranks<T>(IReadOnlyList<TreeTensor<T>> terms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tree = terms[0].Tree;
        var ranks = new int[tree.Count];
        for (var node = 0; node < tree.Root; node++)
        {
            foreach (var term in terms) ranks[node] = checked(ranks[node] + term.Ranks[node]);
        }

        ranks[tree.Root] = 1;
        return ranks;
    }

    private static void Place<T>(TreeTensor<T> result, TreeTensor<T>[] terms, ReadOnlySpan<T> weights, int node, Span<T> target, int joinedMode)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tree = result.Tree;
        var (root, hasLeft) = (node == tree.Root, tree.Left[node] >= 0);
        var stacked = tree.Right[node] >= 0 || (joinedMode >= 0 && tree.Mode[node] == joinedMode);
        int firstA = 0, firstB = 0, firstC = 0, b = result.B(node), c = result.C(node);
        for (var i = 0; i < terms.Length; i++)
        {
            var term = terms[i];
            int ownA = term.A(node), ownB = term.B(node), ownC = term.C(node);
            ReadOnlySpan<T> source = term.Cores[node];
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

    /// <summary>factor X: the factor goes into the root's core, or the weights of a sum.</summary>
    public static TreeTensor<T> Scaled<T>(TreeTensor<T> x, T factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Sum is { } sum) return new TreeTensor<T>(x.Tree, x.ModeSizes, x.Ranks, new SumOfTrees<T>(sum.Terms, [.. sum.Weights.Select(weight => weight * factor)]));
        var root = new T[x.Cores[x.Tree.Root].Length];
        TensorPrimitives.Multiply(x.Cores[x.Tree.Root], factor, root);
        return x.WithRoot(root);
    }
}
