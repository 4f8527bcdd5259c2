using System.Numerics;

namespace HTensor.Core;

/// <summary>A tensor of rank 1 whose every vector holds one number.</summary>
internal static class TreeConstant
{
    public static TreeTensor<T> Like<T>(TreeTensor<T> x, Func<int, T> ofMode)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] ranks = [.. Enumerable.Repeat(1, x.Tree.Count)];
        var result = new TreeTensor<T>(x.Tree, x.ModeSizes, ranks, new T[x.Tree.Count][]);
        for (var node = 0; node < x.Tree.Count; node++)
        {
            result.Cores[node] = new T[result.B(node)];
            Array.Fill(result.Cores[node], x.Tree.Mode[node] < 0 ? T.One : ofMode(x.Tree.Mode[node]));
        }

        return result;
    }
}
