using System.Numerics;

namespace HTensor.Core;

/// <summary>A tensor of one number in every entry, of rank 1.</summary>
internal static class TreeConstant
{
    public static TreeTensor<T> Like<T>(TreeTensor<T> x, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] ranks = [.. Enumerable.Repeat(1, x.Tree.Count)];
        var result = new TreeTensor<T>(x.Tree, x.ModeSizes, ranks, new T[x.Tree.Count][]);
        for (var node = 0; node < x.Tree.Count; node++)
        {
            result.Cores[node] = new T[result.B(node)];
            Array.Fill(result.Cores[node], node == x.Tree.Root ? value : T.One);
        }

        return result;
    }
}
