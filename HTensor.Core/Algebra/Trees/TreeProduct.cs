using System.Numerics;
using System.Numerics.Tensors;

namespace HTensor.Core;

/// <summary>
/// The element-wise product without rounding: ranks multiply, cores are Kronecker products in the ranks and element-wise in the mode:
/// core[(a, a'), i, (c, c')] = X[a, i, c] Y[a', i, c'].
/// </summary>
internal static class TreeProduct
{
    public static TreeTensor<T> Of<T>(TreeTensor<T> x, TreeTensor<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tree = x.Tree;
        var ranks = new int[tree.Count];
        for (var node = 0; node < tree.Count; node++) ranks[node] = checked(x.Ranks[node] * y.Ranks[node]);
        var result = new TreeTensor<T>(tree, x.ModeSizes, ranks, new T[tree.Count][]);
        for (var node = 0; node < tree.Count; node++)
        {
            var core = result.Cores[node] = GC.AllocateUninitializedArray<T>(result.Length(node));
            if (tree.Mode[node] >= 0) AtMode(x, y, node, core);
            else AtPair(x, y, node, core);
        }

        return result;
    }

    private static void AtMode<T>(TreeTensor<T> x, TreeTensor<T> y, int node, Span<T> core)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = x.B(node), c = x.C(node), c2 = y.C(node), at = 0;
        for (var a = 0; a < x.A(node); a++)
        {
            for (var a2 = 0; a2 < y.A(node); a2++)
            {
                for (var i = 0; i < n; i++)
                {
                    Outer(x.Cores[node].AsSpan((a * n + i) * c, c), y.Cores[node].AsSpan((a2 * n + i) * c2, c2), core[at..]);
                    at += c * c2;
                }
            }
        }
    }

    private static void AtPair<T>(TreeTensor<T> x, TreeTensor<T> y, int node, Span<T> core)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int b = x.B(node), b2 = y.B(node), c = x.C(node), c2 = y.C(node), at = 0;
        for (var a = 0; a < x.A(node); a++)
        {
            for (var a2 = 0; a2 < y.A(node); a2++)
            {
                for (var i = 0; i < b; i++)
                {
                    for (var i2 = 0; i2 < b2; i2++)
                    {
                        Outer(x.Cores[node].AsSpan((a * b + i) * c, c), y.Cores[node].AsSpan((a2 * b2 + i2) * c2, c2), core[at..]);
                        at += c * c2;
                    }
                }
            }
        }
    }

    /// <summary>to[i, j] = x[i] y[j].</summary>
    public static void Outer<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < x.Length; i++) TensorPrimitives.Multiply(y, x[i], to.Slice(i * y.Length, y.Length));
    }
}
