using System.Numerics;

namespace HTensor.Core;

/// <summary>Tucker form and dense tensors of it.</summary>
internal static class TuckerOfTree
{
    /// <param name="x">A tree whose cores with a mode are leaves.</param>
    public static Tucker<T> Run<T>(TreeTensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tree = x.Tree;
        int[] ranks = [.. tree.NodeOfMode.Select(leaf => x.Ranks[leaf])];
        AlgebraGuard.EntryCount("Tucker core", ranks);
        // The same tree with identities for frames.
        var core = new TreeTensor<T>(tree, ranks, x.Ranks, [.. x.Cores]);
        if (x.Order == 1) return new Tucker<T>(x.ModeSizes, ranks, [T.One], [x.Cores[0]]);
        foreach (var leaf in tree.NodeOfMode) core.Cores[leaf] = TreeTrain.Identity<T>(x.Ranks[leaf]);
        return new Tucker<T>(x.ModeSizes, ranks, TreeDense.Of(core), [.. tree.NodeOfMode.Select(leaf => x.Cores[leaf])]);
    }

    /// <summary>All entries: the core times each factor in turn.</summary>
    public static T[] Dense<T>(Tucker<T> tucker)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = tucker.CoreArray;
        for (int mode = 0, before = 1; mode < tucker.Order; mode++)
        {
            int n = tucker.ModeSizes[mode], r = tucker.Ranks[mode], after = values.Length / before / r;
            var next = new T[AlgebraGuard.CoreLength(before, n, after)];
            RowMajor.MultiplyEach<T>(before, n, after, r, tucker.FactorArray(mode), values, next);
            (values, before) = (next, before * n);
        }

        return values;
    }
}
