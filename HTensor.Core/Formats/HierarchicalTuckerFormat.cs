namespace HTensor.Core;

/// <summary>
/// Hierarchical Tucker over paired modes: a leaf frame U_k [n_k, m_k, r_k] for each mode, a transfer tensor B_t [r_left, r_right, r_t] for
/// each inner node of the tree; the root, whose r_t is 1, is stored as [r_left, r_right]. Parameters: sum_k n_k m_k r_k + sum_t r_left r_right r_t.
/// Yin et al., arXiv 2005.04366, equations 4 to 7.
/// </summary>
public sealed class HierarchicalTuckerFormat : IMatrixFormat
{
    private readonly IReadOnlyList<int>? _ranks;

    /// <summary>Over the balanced tree.</summary>
    public HierarchicalTuckerFormat(int leafRank, int innerRank)
        : this(leafRank, innerRank, "balanced")
    {
    }

    /// <param name="leafRank">Rank of every leaf.</param>
    /// <param name="innerRank">Rank of every inner node but the root.</param>
    /// <param name="tree">As <see cref="DimensionTree.Parse"/> reads it.</param>
    public HierarchicalTuckerFormat(int leafRank, int innerRank, string tree) => (LeafRank, InnerRank, TreeText) = (leafRank, innerRank, tree);

    /// <param name="ranks">Rank of each node but the root, in the order of <see cref="DimensionTree.Nodes"/>, children before parents.</param>
    /// <param name="tree">As <see cref="DimensionTree.Parse"/> reads it.</param>
    /// <param name="identities">Which nodes have cores.</param>
    public HierarchicalTuckerFormat(IReadOnlyList<int> ranks, string tree, IdentityFrames identities)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        (_ranks, TreeText, Identities) = ([.. ranks], tree, identities);
    }

    /// <summary>Rank of every leaf; 0 where ranks are given node by node.</summary>
    public int LeafRank { get; }

    /// <summary>Rank of every inner node but the root; 0 where ranks are given node by node.</summary>
    public int InnerRank { get; }

    /// <summary>Rank of each node but the root, children before parents; null where all leaves and all inner nodes have the same.</summary>
    public IReadOnlyList<int>? Ranks => _ranks;

    public IdentityFrames Identities { get; }

    /// <summary>The tree as it was given: balanced, linear, or nested pairs.</summary>
    public string TreeText { get; }

    public string Name => "ht";

    public string Settings => _ranks is null ? $"leaf rank {LeafRank}, inner rank {InnerRank}, tree {TreeText}" : $"ranks {string.Join(',', _ranks)}, tree {TreeText}";

    public ModePairing Pairing => ModePairing.Paired;

    /// <summary>The tree over the modes of a matrix of this order.</summary>
    public DimensionTree Tree(int order) => DimensionTree.Parse(TreeText, order);

    /// <summary>The nodes of the tree, children before parents, and the rank of each; the root's is 1.</summary>
    /// <exception cref="ArgumentException">There is not one rank for each node but the root.</exception>
    public IReadOnlyList<(DimensionTree Node, int Rank)> RanksOver(int order)
    {
        DimensionTree[] nodes = [.. Tree(order).Nodes()];
        if (_ranks is null) return [.. nodes.SkipLast(1).Select(node => (node, node.IsLeaf ? LeafRank : InnerRank)), (nodes[^1], 1)];
        if (_ranks.Count != nodes.Length - 1)
            throw new ArgumentException($"hierarchical Tucker: expected {nodes.Length - 1} ranks, one for each node of {nodes[^1]} but the root, found {_ranks.Count}");
        return [.. nodes.Zip([.. _ranks, 1])];
    }

    public MatrixNetwork Describe(MatrixModes modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        var nodes = RanksOver(modes.RequirePaired("hierarchical Tucker"));
        var ranks = nodes.ToDictionary(pair => pair.Node, pair => pair.Rank);
        foreach (var (node, _) in nodes.SkipLast(1)) RequireRank(node, ranks, modes, Identities);
        return new TreeCores(ranks, modes, Identities).Network(nodes);
    }

    private static void RequireRank(DimensionTree node, Dictionary<DimensionTree, int> ranks, MatrixModes modes, IdentityFrames identities)
    {
        var inside = node.Modes.Aggregate(1.0, (product, mode) => product * modes.Inputs[mode] * modes.Outputs[mode]);
        var maximum = Math.Min(inside, modes.DenseParameters / inside);
        var reads = node.IsLeaf ? inside : (double)ranks[node.Left!] * ranks[node.Right!];
        maximum = identities == IdentityFrames.LeftOut && ranks[node] == reads ? reads : Math.Min(maximum, reads);
        Rank.Require(ranks[node], maximum, $"hierarchical Tucker, {(node.IsLeaf ? "leaf" : "inner")} rank of node {{{node.Key}}}");
    }
}
