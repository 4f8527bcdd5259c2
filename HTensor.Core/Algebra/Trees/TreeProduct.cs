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
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TreeOperator.Built(Source(x, y));

    /// <summary>The product as a rule, to be truncated.</summary>
    public static KroneckerSource<T> Source<T>(TreeTensor<T> x, TreeTensor<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(x, y, x.ModeSizes, node => AtMode(x, y, node));

    private static T[] AtMode<T>(TreeTensor<T> x, TreeTensor<T> y, int node)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = x.B(node), c = x.C(node), c2 = y.C(node), at = 0;
        var core = GC.AllocateUninitializedArray<T>(AlgebraGuard.CoreLength(x.A(node), y.A(node), n, c, c2));
        for (var a = 0; a < x.A(node); a++)
        {
            for (var a2 = 0; a2 < y.A(node); a2++)
            {
                for (var i = 0; i < n; i++)
                {
                    Outer(x.Cores[node].AsSpan((a * n + i) * c, c), y.Cores[node].AsSpan((a2 * n + i) * c2, c2), core.AsSpan(at));
                    at += c * c2;
                }
            }
        }

        return core;
    }

    /// <summary>The core of a node that two children have, in either tensor's modes.</summary>
    public static T[] AtPair<T>(TreeTensor<T> x, TreeTensor<T> y, int node)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int b = x.B(node), b2 = y.B(node), c = x.C(node), c2 = y.C(node), at = 0;
        var core = GC.AllocateUninitializedArray<T>(AlgebraGuard.CoreLength(x.A(node), y.A(node), b, b2, c, c2));
        for (var a = 0; a < x.A(node); a++)
        {
            for (var a2 = 0; a2 < y.A(node); a2++)
            {
                for (var i = 0; i < b; i++)
                {
                    for (var i2 = 0; i2 < b2; i2++)
                    {
                        Outer(x.Cores[node].AsSpan((a * b + i) * c, c), y.Cores[node].AsSpan((a2 * b2 + i2) * c2, c2), core.AsSpan(at));
                        at += c * c2;
                    }
                }
            }
        }

        return core;
    }

    /// <summary>to[i, j] = x[i] y[j].</summary>
    public static void Outer<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < x.Length; i++) TensorPrimitives.Multiply(y, x[i], to.Slice(i * y.Length, y.Length));
    }
}
