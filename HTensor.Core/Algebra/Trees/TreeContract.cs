using System.Numerics;

namespace HTensor.Core;

/// <summary>
/// Two tensors multiplied and summed over modes that they share: both are brought over trees that hold these modes in one subtree, M is the inner product of
/// the two subtrees' frames, and what stays hangs on a new root B_x^T M B_y. Without shared modes it is the outer product.
/// </summary>
internal static class TreeContract
{
    public static TreeTensor<T> Run<T>(TreeTensor<T> x, DimensionTree treeX, IReadOnlyList<int> modesX, TreeTensor<T> y, DimensionTree treeY, IReadOnlyList<int> modesY)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (modesX.Count == 0) return Join(Part(x, x.Tree.Root, [.. Enumerable.Range(0, x.Order)]), Part(y, y.Tree.Root, [.. Enumerable.Range(0, y.Order)]), [T.One]);
        var shared = Restricted(treeX, [.. modesX]);
        var names = new Dictionary<int, int>();
        for (var k = 0; k < modesX.Count; k++) names[modesX[k]] = modesY[k];
        var (first, second) = (Arrange(x, shared, Rest(treeX, modesX)), Arrange(y, Renamed(shared, names), Rest(treeY, modesY)));
        var m = Inner(first, second, 2 * modesX.Count - 1);
        int[] keptX = [.. Enumerable.Range(0, x.Order).Except(modesX)], keptY = [.. Enumerable.Range(0, y.Order).Except(modesY)];
        var (left, right) = (m, second.Cores[second.Tree.Root]);
        int r = first.Ranks[2 * modesX.Count - 2], s = second.Ranks[2 * modesX.Count - 2];
        var fromX = keptX.Length == 0 ? 1 : first.Ranks[first.Tree.Right[first.Tree.Root]];
        var fromY = keptY.Length == 0 ? 1 : second.Ranks[second.Tree.Right[second.Tree.Root]];
        // B_x^T M [rest of x, s], then B_y; where nothing stays of one, its subtree's root is the tensor and its rank 1.
        if (keptX.Length > 0)
        {
            left = new T[fromX * s];
            RowMajor.TransposedTimes<T>(fromX, s, r, first.Cores[first.Tree.Root], m, left);
        }

        var root = left;
        if (keptY.Length > 0)
        {
            root = new T[fromX * fromY];
            RowMajor.Multiply<T>(fromX, fromY, s, left, right, root);
        }

        if (keptX.Length == 0) return Absorb(Part(second, second.Tree.Right[second.Tree.Root], keptY), root);
        if (keptY.Length == 0) return Absorb(Part(first, first.Tree.Right[first.Tree.Root], keptX), root);
        return Join(Part(first, first.Tree.Right[first.Tree.Root], keptX), Part(second, second.Tree.Right[second.Tree.Root], keptY), root);
    }

    /// <summary>M of the first nodes of both, which are the same subtree.</summary>
    private static T[] Inner<T>(TreeTensor<T> x, TreeTensor<T> y, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var products = new T[count][];
        using var scratch = new Scratch<T>();
        long exponent = 0;
        for (var node = 0; node < count; node++) products[node] = TreeInner.At(x, y, node, products, scratch, ref exponent);
        Balance.Scale<T>(products[^1], (int)long.Clamp(exponent, -5000, 5000));
        return products[^1];
    }

    private static TreeTensor<T> Arrange<T>(TreeTensor<T> x, DimensionTree shared, DimensionTree? rest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TreeChange.Run(x, new TreeLayout(rest is null ? shared : DimensionTree.Node(shared, rest)).Cores);

    private static DimensionTree? Rest(DimensionTree tree, IReadOnlyList<int> modes)
    {
        var kept = tree.Modes.Except(modes).ToHashSet();
        return kept.Count == 0 ? null : Restricted(tree, kept);
    }

    /// <summary>The tree with only these modes.</summary>
    private static DimensionTree Restricted(DimensionTree tree, HashSet<int> modes)
    {
        var kept = new Dictionary<DimensionTree, DimensionTree?>();
        foreach (var node in tree.Nodes())
        {
            kept[node] = node.IsLeaf ? (modes.Contains(node.Modes[0]) ? node : null)
                : kept[node.Left!] is not { } left ? kept[node.Right!]
                : kept[node.Right!] is not { } right ? left
                : DimensionTree.Node(left, right);
        }

        return kept[tree]!;
    }

    private static DimensionTree Renamed(DimensionTree tree, Dictionary<int, int> names)
    {
        var renamed = new Dictionary<DimensionTree, DimensionTree>();
        foreach (var node in tree.Nodes())
            renamed[node] = node.IsLeaf ? DimensionTree.Leaf(names[node.Modes[0]]) : DimensionTree.Node(renamed[node.Left!], renamed[node.Right!]);
        return renamed[tree];
    }

    /// <summary>A subtree by itself, its modes counted anew in the order of <paramref name="modes"/>; its root's rank may exceed 1.</summary>
    private static TreeTensor<T> Part<T>(TreeTensor<T> x, int top, int[] modes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A subtree's nodes stand together, the last its root.
        var first = top;
        while (x.Tree.Left[first] >= 0) first = x.Tree.Left[first];
        int Shifted(int node) => node < 0 ? -1 : node - first;
        var tree = new CoreTree([.. x.Tree.Left[first..(top + 1)].Select(Shifted)], [.. x.Tree.Right[first..(top + 1)].Select(Shifted)],
            [.. x.Tree.Mode[first..(top + 1)].Select(mode => mode < 0 ? -1 : Array.IndexOf(modes, mode))]);
        return new TreeTensor<T>(tree, [.. modes.Select(mode => x.ModeSizes[mode])], x.Ranks[first..(top + 1)], x.Cores[first..(top + 1)]);
    }

    /// <summary>sum_c U[:, c] v[c] of a subtree's frame.</summary>
    private static TreeTensor<T> Absorb<T>(TreeTensor<T> part, T[] vector)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var core = part.Cores[part.Tree.Root];
        var root = new T[core.Length / vector.Length];
        RowMajor.Multiply<T>(root.Length, 1, vector.Length, core, vector, root);
        part.Ranks[part.Tree.Root] = 1;
        return part.WithRoot(root);
    }

    private static TreeTensor<T> Join<T>(TreeTensor<T> left, TreeTensor<T> right, T[] root)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var offset = left.Tree.Count;
        int Shifted(int node) => node < 0 ? -1 : node + offset;
        var tree = new CoreTree([.. left.Tree.Left, .. right.Tree.Left.Select(Shifted), left.Tree.Root], [.. left.Tree.Right, .. right.Tree.Right.Select(Shifted), Shifted(right.Tree.Root)],
            [.. left.Tree.Mode, .. right.Tree.Mode.Select(mode => mode < 0 ? -1 : mode + left.Order), -1]);
        return new TreeTensor<T>(tree, [.. left.ModeSizes, .. right.ModeSizes], [.. left.Ranks, .. right.Ranks, 1], [.. left.Cores, .. right.Cores, root]);
    }
}
