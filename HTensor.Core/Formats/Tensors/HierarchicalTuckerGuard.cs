namespace HTensor.Core;

internal static class HierarchicalTuckerGuard
{
    /// <exception cref="ArgumentException">Mode sizes, ranks and lengths of cores do not make a tensor in this tree.</exception>
    public static void Require(TreeLayout layout, IReadOnlyList<int> modeSizes, int[] ranks, int[] lengths)
    {
        RequireCount("mode sizes", layout.LeafOfMode.Length, modeSizes.Count);
        RequireCount("ranks", layout.Count, ranks.Length);
        RequireCount("cores", layout.Count, lengths.Length);
        if (ranks[layout.Root] != 1) throw new ArgumentException($"hierarchical Tucker: expected rank 1 at the root, found {ranks[layout.Root]}");
        for (var node = 0; node < layout.Count; node++)
        {
            if (ranks[node] < 1) throw new ArgumentException($"hierarchical Tucker, {Name(node)}: expected a rank of at least 1, found {ranks[node]}");
            long[] shape = layout.IsLeaf(node)
                ? [modeSizes[layout.Nodes[node].Modes[0]], ranks[node]]
                : [ranks[layout.Left[node]], ranks[layout.Right[node]], ranks[node]];
            if (shape[0] < 1) throw new ArgumentException($"hierarchical Tucker, {Name(node)}: expected a mode size of at least 1, found {shape[0]}");
            var expected = shape.Aggregate(1.0, (product, size) => product * size);
            if (expected != lengths[node])
                throw new ArgumentException($"hierarchical Tucker, {Name(node)}: expected a core [{string.Join(", ", shape)}] of {expected} numbers, found {lengths[node]}");
        }

        string Name(int node) => $"node {{{layout.Nodes[node].Key}}}";
    }

    private static void RequireCount(string what, int expected, int found)
    {
        if (expected != found) throw new ArgumentException($"hierarchical Tucker: expected {expected} {what}, found {found}");
    }
}
