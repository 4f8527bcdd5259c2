using System.Numerics;

namespace HTensor.Core;

/// <summary>
/// The same tensor over another tree: pair by pair of the new tree, from its leaves to its root, what the pair joins is moved along the old tree until
/// both hang on one core. Ranks are those that the new tree needs, up to rounding, which is
/// dropped on the way; moving the root alone makes none larger.
/// </summary>
internal static class TreeChange
{
    /// <param name="x">A tree whose cores with a mode are leaves.</param>
    /// <param name="target">The tree wanted, of the same modes.</param>
    public static TreeTensor<T> Run<T>(TreeTensor<T> x, CoreTree target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AlgebraGuard.Finite("change of tree", x);
        if (x.Tree.SameAs(target) || x.Order == 1) return x;
        // Ranks that are needed alone: what is more grows on the way.
        var truncated = TreeTruncation<T>.Run(new SumSource<T>(x), Truncation.Exact, [.. Enumerable.Repeat("", x.Tree.Count)]).Tensor;
        var orthogonal = OrthogonalTree<T>.Of(new SumSource<T>(truncated), Frames.Kept);
        var graph = new TreeGraph<T>(orthogonal);
        var nodes = new int[target.Count];
        for (var t = 0; t < target.Root; t++)
            nodes[t] = target.Mode[t] >= 0 ? x.Tree.NodeOfMode[target.Mode[t]] : graph.Join(nodes[target.Left[t]], nodes[target.Right[t]]);
        var (left, right) = (nodes[target.Left[target.Root]], nodes[target.Right[target.Root]]);
        var result = new TreeTensor<T>(target, x.ModeSizes, new int[target.Count], new T[target.Count][]);
        (result.Ranks[target.Root], result.Cores[target.Root]) = (1, graph.TakeOut(left, right));
        for (var t = 0; t < target.Root; t++)
        {
            var parent = target.Parent[t] != target.Root ? nodes[target.Parent[t]] : nodes[t] == left ? right : left;
            var (core, sizes) = target.Mode[t] >= 0 ? graph.Arranged(nodes[t], -1, parent) : graph.Arranged(nodes[t], nodes[target.Left[t]], nodes[target.Right[t]], parent);
            (result.Cores[t], result.Ranks[t]) = (core, sizes[^1]);
        }

        TreeScale.Multiply(result, orthogonal.Exponent);
        return result;
    }

    /// <summary>The tree whose root stands on the edge above a node that holds <paramref name="modes"/>, or all but them.</summary>
    /// <exception cref="ArgumentException">The tree has no such node.</exception>
    public static CoreTree WithRootAbove(DimensionTree tree, CoreTree cores, IReadOnlyList<int> modes)
    {
        var named = AlgebraGuard.Modes("change of root", cores.Order, modes);
        var count = new int[cores.Count];
        for (var node = 0; node < cores.Count; node++)
        {
            count[node] = cores.Mode[node] >= 0 ? (named[cores.Mode[node]] ? 1 : 0) : count[cores.Left[node]] + count[cores.Right[node]];
            var (held, all) = (tree.Nodes()[node].Modes.Count, modes.Count);
            if (node != cores.Root && ((count[node] == all && held == all) || (count[node] == 0 && held == cores.Order - all))) return Rerooted(cores, node);
        }

        throw new ArgumentException($"change of root: expected modes that a node of {tree} holds or leaves, found {AlgebraGuard.Text(modes)}");
    }

    private static CoreTree Rerooted(CoreTree cores, int node)
    {
        // Up the path from the node to the old root: what was a parent becomes a child, with the node's sibling.
        DimensionTree[] below = new DimensionTree[cores.Count];
        for (var t = 0; t < cores.Count; t++)
            below[t] = cores.Mode[t] >= 0 ? DimensionTree.Leaf(cores.Mode[t]) : DimensionTree.Node(below[cores.Left[t]], below[cores.Right[t]]);
        return new TreeLayout(DimensionTree.Node(below[node], Above(node))).Cores;

        DimensionTree Above(int t)
        {
            var siblings = new List<DimensionTree>();
            for (; t != cores.Root; t = cores.Parent[t])
                siblings.Add(below[cores.Left[cores.Parent[t]] == t ? cores.Right[cores.Parent[t]] : cores.Left[cores.Parent[t]]]);
            var above = siblings[^1];
            for (var i = siblings.Count - 2; i >= 0; i--) above = DimensionTree.Node(siblings[i], above);
            return above;
        }
    }
}
