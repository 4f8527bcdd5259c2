using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// Inner products, from the leaves to the root: M_t = U_t^T V_t of two tensors' frames at each node, from those of its children:
/// M_t[c, c'] = sum X[a, b, c] M_left[a, a'] M_right[b, b'] Y[a', b', c']. Some 3 r^4 multiply-adds a node of rank r.
/// </summary>
internal static class TreeInner
{
    public static ScaledNumber Of<T>(TreeTensor<T> x, TreeTensor<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var products = new T[x.Tree.Count][];
        using var scratch = new Scratch<T>();
        long exponent = 0;
        for (var node = 0; node < x.Tree.Count; node++)
        {
            products[node] = At(x, y, node, products, scratch, ref exponent);
            exponent += Balance.Divide<T>(products[node]);
        }

        return ScaledNumber.Of(double.CreateTruncating(products[x.Tree.Root][0]), exponent);
    }

    /// <summary>M_t [c, c'] of one node, from its children's; what is taken out to keep numbers in range is added to the exponent.</summary>
    public static T[] At<T>(TreeTensor<T> x, TreeTensor<T> y, int node, T[][] products, Scratch<T> scratch, ref long exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (left, right) = (x.Tree.Left[node], x.Tree.Right[node]);
        int a = x.A(node), b = x.B(node), c = x.C(node), a2 = y.A(node), b2 = y.B(node), c2 = y.C(node);
        Span<T> core = y.Cores[node];
        if (left < 0 && right < 0)
        {
            core = scratch.First(core.Length);
            y.Cores[node].CopyTo(core);
        }

        if (left >= 0)
        {
            var first = scratch.First(a * b2 * c2);
            RowMajor.Multiply<T>(a, b2 * c2, a2, products[left], core, first);
            core = first;
        }

        if (right >= 0)
        {
            var second = scratch.Second(a * b * c2);
            RowMajor.MultiplyEach<T>(a, b, c2, b2, products[right], core, second);
            core = second;
        }

        // No core of y is written: with a child or without, this is a copy.
        exponent += Balance.Divide(core);
        var product = new T[c * c2];
        RowMajor.TransposedTimes<T>(c, c2, a * b, x.Cores[node], core, product);
        return product;
    }
}
