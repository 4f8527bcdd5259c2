using System.Numerics;

namespace HTensor.Core;

/// <summary>What acts on single modes of a tree's cores: products with matrices, chosen entries.</summary>
internal static class TreeModes
{
    /// <summary>Y = X x_mode J, J [rows, n]: the mode's core [a, n, c] becomes [a, rows, c].</summary>
    public static TreeTensor<T> Multiply<T>(TreeTensor<T> x, int mode, int rows, ReadOnlySpan<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var node = x.Tree.NodeOfMode[mode];
        int a = x.A(node), n = x.B(node), c = x.C(node);
        var core = GC.AllocateUninitializedArray<T>(AlgebraGuard.CoreLength(a, rows, c));
        RowMajor.MultiplyEach(a, rows, c, n, matrix, x.Cores[node], core);
        return Replace(x, mode, rows, core);
    }

    /// <summary>Only the entries of these indices of a mode, in their order.</summary>
    public static TreeTensor<T> Select<T>(TreeTensor<T> x, int mode, ReadOnlySpan<int> indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var node = x.Tree.NodeOfMode[mode];
        int a = x.A(node), n = x.B(node), c = x.C(node);
        var core = GC.AllocateUninitializedArray<T>(AlgebraGuard.CoreLength(a, indices.Length, c));
        var to = core.AsSpan();
        for (var i = 0; i < a; i++)
        {
            foreach (var index in indices)
            {
                x.Cores[node].AsSpan((i * n + index) * c, c).CopyTo(to);
                to = to[c..];
            }
        }

        return Replace(x, mode, indices.Length, core);
    }

    private static TreeTensor<T> Replace<T>(TreeTensor<T> x, int mode, int size, T[] core)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] sizes = [.. x.ModeSizes];
        sizes[mode] = size;
        T[][] cores = [.. x.Cores];
        cores[x.Tree.NodeOfMode[mode]] = core;
        return new TreeTensor<T>(x.Tree, sizes, x.Ranks, cores);
    }
}
