using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A tensor [n_0, ..., n_(d-1)] in hierarchical Tucker form: a leaf frame U_k [n_k, r_k] for each mode, a transfer tensor
/// B_t [r_left, r_right, r_t] for each inner node; the root's r_t is 1. The columns of an inner node's frame are
/// U_t[:, c] = sum_ab B_t[a, b, c] U_left[:, a] (x) U_right[:, b]; the root's frame is the tensor. Immutable; row-major, last index fastest.
/// Hackbusch and Kuehn 2009; Grasedyck 2010.
/// </summary>
public sealed class HierarchicalTucker<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <param name="tree">The tree; it holds modes 0 to d-1.</param>
    /// <param name="modeSizes">n_k of each mode.</param>
    /// <param name="ranks">r_t of each node in the order of <see cref="DimensionTree.Nodes"/>, children before parents; the last, the root's, is 1.</param>
    /// <param name="cores">Frames [n_k, r_k] and transfer tensors [r_left, r_right, r_t] in the same order. The arrays are kept, not copied.</param>
    /// <exception cref="ArgumentException">A count, rank or length does not fit; the message names the node.</exception>
    public HierarchicalTucker(DimensionTree tree, IReadOnlyList<int> modeSizes, IReadOnlyList<int> ranks, IReadOnlyList<T[]> cores)
        : this(new TreeLayout(tree ?? throw new ArgumentNullException(nameof(tree))), modeSizes, ranks, cores)
    {
    }

    internal HierarchicalTucker(TreeLayout layout, IReadOnlyList<int> modeSizes, IReadOnlyList<int> ranks, IReadOnlyList<T[]> cores)
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(modeSizes);
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentNullException.ThrowIfNull(cores);
        for (var i = 0; i < cores.Count; i++) AlgebraGuard.Given($"hierarchical Tucker, core {i}", cores[i]);
        (Layout, Network) = (layout, new TreeTensor<T>(layout.Cores, [.. modeSizes], [.. ranks], [.. cores]));
        HierarchicalTuckerGuard.Require(layout, Network.ModeSizes, Network.Ranks, [.. cores.Select(core => core.Length)]);
    }

    /// <summary>From cores that an algorithm made to fit.</summary>
    internal HierarchicalTucker(TreeLayout layout, TreeTensor<T> network) => (Layout, Network) = (layout, network);

    public DimensionTree Tree => Layout.Nodes[Layout.Root];

    public IReadOnlyList<int> ModeSizes => Network.ModeSizes;

    public int Order => ModeSizes.Count;

    /// <summary>r_t of each node in the order of <see cref="DimensionTree.Nodes"/>.</summary>
    public IReadOnlyList<int> Ranks => Network.Ranks;

    /// <summary>Numbers held in frames and transfer tensors.</summary>
    public long StoredNumbers => Network.StoredNumbers;

    internal TreeLayout Layout { get; }

    internal TreeTensor<T> Network { get; }

    internal int RankOf(int node) => Network.Ranks[node];

    /// <summary>The frame [n_k, r_k] or the transfer tensor [r_left, r_right, r_t] of a node, by its place in <see cref="DimensionTree.Nodes"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such node.</exception>
    public ReadOnlyMemory<T> Core(int node) => Network.Core(AlgebraGuard.Place("hierarchical Tucker: a node", Layout.Count, node));

    internal T[] CoreArray(int node) => Network.Core(node);
}
