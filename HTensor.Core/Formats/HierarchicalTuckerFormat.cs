namespace HTensor.Core;

/// <summary>
/// Hierarchical Tucker over paired modes: a leaf frame U_k [n_k, m_k, r_k] for each mode, a transfer tensor B_t [r_left, r_right, r_t] for
/// each inner node of the tree; the root, whose r_t is 1, is stored as [r_left, r_right]. Parameters: sum_k n_k m_k r_k + sum_t r_left r_right r_t.
/// Yin et al., arXiv 2005.04366, equations 4 to 7.
/// </summary>
public sealed class HierarchicalTuckerFormat : IMatrixFormat
{
    private readonly Func<int, DimensionTree> _tree;

    /// <param name="leafRank">Rank of every leaf.</param>
    /// <param name="innerRank">Rank of every inner node but the root.</param>
    /// <param name="tree">As <see cref="DimensionTree.Parse"/> reads it.</param>
    public HierarchicalTuckerFormat(int leafRank, int innerRank, string tree = "balanced")
    {
        LeafRank = leafRank;
        InnerRank = innerRank;
        TreeText = tree;
        _tree = order => DimensionTree.Parse(tree, order);
    }

    public int LeafRank { get; }

    public int InnerRank { get; }

    /// <summary>The tree as it was given: balanced, linear, or nested pairs.</summary>
    public string TreeText { get; }

    public string Name => "ht";

    public string Settings => $"leaf rank {LeafRank}, inner rank {InnerRank}, tree {TreeText}";

    public ModePairing Pairing => ModePairing.Paired;

    /// <summary>The tree over the modes of a matrix of this order.</summary>
    public DimensionTree Tree(int order) => _tree(order);

    public MatrixNetwork Describe(MatrixModes modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        var order = modes.RequirePaired("hierarchical Tucker");
        var tree = _tree(order);
        var bonds = new Dictionary<string, int>();
        var cores = new List<NetworkOperand>();
        foreach (var node in tree.Nodes())
        {
            string[] upward = node == tree ? [] : [Bond(node)];
            if (node != tree) bonds[Bond(node)] = RankOf(node, modes);
            cores.Add(node.IsLeaf
                ? new NetworkOperand($"U{node.Key}", [MatrixNetwork.InputLabel(node.Modes[0]), MatrixNetwork.OutputLabel(node.Modes[0]), .. upward])
                : new NetworkOperand($"B{node.Key}", [Bond(node.Left!), Bond(node.Right!), .. upward]));
        }

        return new MatrixNetwork(modes, cores, bonds);
    }

    private static string Bond(DimensionTree node) => $"r{node.Key}";

    private int RankOf(DimensionTree node, MatrixModes modes)
    {
        var inside = node.Modes.Aggregate(1.0, (product, mode) => product * modes.Inputs[mode] * modes.Outputs[mode]);
        var maximum = Math.Min(inside, modes.DenseParameters / inside);
        if (!node.IsLeaf) maximum = Math.Min(maximum, (double)ChildRank(node.Left!) * ChildRank(node.Right!));
        return Rank.Require(node.IsLeaf ? LeafRank : InnerRank, maximum, $"hierarchical Tucker, {(node.IsLeaf ? "leaf" : "inner")} rank of node {{{node.Key}}}");
        int ChildRank(DimensionTree child) => child.IsLeaf ? LeafRank : InnerRank;
    }
}
