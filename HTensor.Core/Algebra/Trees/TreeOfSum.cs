using System.Numerics;

namespace HTensor.Core;

/// <summary>A sum of R products over any tree of cores: core[a, i, c] is F[i, r] where a and c are r, and 0 elsewhere.</summary>
internal static class TreeOfSum
{
    public static TreeTensor<T> Run<T>(CanonicalPolyadic<T> sum, CoreTree tree)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] ranks = [.. Enumerable.Range(0, tree.Count).Select(node => node == tree.Root ? 1 : sum.Rank)];
        var result = new TreeTensor<T>(tree, [.. sum.ModeSizes], ranks, new T[tree.Count][]);
        for (var node = 0; node < tree.Count; node++)
        {
            var (mode, root, b, c) = (tree.Mode[node], node == tree.Root, result.B(node), result.C(node));
            var core = result.Cores[node] = new T[result.Length(node)];
            for (var r = 0; r < sum.Rank; r++)
            {
                var weight = root ? sum.Weights.Span[r] : T.One;
                var (a, to) = (tree.Left[node] < 0 ? 0 : r, root ? 0 : r);
                if (mode < 0) core[(a * b + r) * c + to] = weight;
                for (var i = 0; mode >= 0 && i < b; i++) core[(a * b + i) * c + to] += weight * sum.Factor(mode).Span[i * sum.Rank + r];
            }
        }

        return result;
    }
}
