namespace HTensor.Core;

/// <summary>A tree whose modes do not stand in the tensor's order: the tensor is brought into the tree's, where every node holds modes side by side.</summary>
internal static class TreeOrder
{
    private static bool IsNatural(TreeLayout layout) => layout.Nodes[layout.Root].Modes.Select((mode, place) => mode == place).All(same => same);

    /// <summary>The same tree over modes in its own order.</summary>
    public static TreeLayout Layout(TreeLayout given)
    {
        if (IsNatural(given)) return given;
        var place = 0;
        var made = new DimensionTree[given.Count];
        for (var node = 0; node < given.Count; node++)
            made[node] = given.IsLeaf(node) ? DimensionTree.Leaf(place++) : DimensionTree.Node(made[given.Left[node]], made[given.Right[node]]);
        return new TreeLayout(made[^1]);
    }

    /// <exception cref="NotSupportedException">The tensor stays in its file, where modes cannot be reordered.</exception>
    public static IDenseSource Source(IDenseSource source, int[] sizes, TreeLayout given)
    {
        if (IsNatural(given)) return source;
        if (source.Length > int.MaxValue / 2)
            throw new NotSupportedException($"dimension tree {given.Nodes[^1]}: expected modes in the order of a tensor of {source.Length} elements, too many to be reordered in memory");
        var modes = given.Nodes[given.Root].Modes;
        var (strides, buffer) = (new long[sizes.Length], new DenseBuffer());
        for (var (k, stride) = (sizes.Length - 1, 1L); k >= 0; stride *= sizes[k--]) strides[k] = stride;
        var (ordered, index) = (new double[source.Length], new int[sizes.Length]);
        var length = (int)source.Length;
        var values = source.Read(0, 1, length, length, buffer).Data;
        long from = 0;
        for (var to = 0; to < length; to++)
        {
            ordered[to] = values[(int)from];
            for (var k = modes.Count - 1; k >= 0; k--)
            {
                from += strides[modes[k]];
                if (++index[k] < sizes[modes[k]]) break;
                from -= strides[modes[k]] * sizes[modes[k]];
                index[k] = 0;
            }
        }

        return new ArraySource(ordered);
    }

    /// <summary>Maximal ranks of nodes, by the names that they have in the tree's own order.</summary>
    public static Truncation Renamed(Truncation truncation, TreeLayout given, TreeLayout ordered)
    {
        var ranks = new Dictionary<string, int>();
        for (var node = 0; node < given.Root; node++)
        {
            var rank = truncation.MaximalRankOf(given.Nodes[node].Key);
            if (rank < truncation.LargestRank) ranks[ordered.Nodes[node].Key] = rank;
        }

        return ReferenceEquals(given, ordered) || ranks.Count == 0 ? truncation : truncation.WithMaximalRanks(ranks);
    }

    /// <summary>The report with the names of the given tree.</summary>
    public static TruncationReport Renamed(TruncationReport report, TreeLayout given) => IsNatural(given)
        ? report
        : TruncationReport.Of([.. report.Nodes.Select((node, i) => node with { Node = given.Nodes[i].Key })], report.Norm, report.ErrorLowerBound, report.ErrorUpperBound, report.ScaleExponent);
}
