using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// Frames and transfer tensors from the leaves up, each stage projecting what the next ones see (Grasedyck 2010; Kressner and Tobler 2014, algorithm
/// 4). The tree's modes stand in the order of the tensor's. With a split at a node the node's subtree goes first, on a small tensor that has the
/// other side as one mode more.
/// </summary>
internal sealed class HierarchicalSweep
{
    private const int Bond = -1;

    private readonly TreeLayout _layout;
    private readonly StageLog _log;
    private readonly ThreadTeam _team;
    private readonly DenseBuffer _buffer;
    private readonly double[][] _cores;
    private readonly int[] _ranks;
    private readonly NodeSketch? _sketch;
    private StagedTensor _tensor;
    private List<int> _active;

    public HierarchicalSweep(TreeLayout layout, StagedTensor tensor, StageLog log, ThreadTeam team, DenseBuffer buffer, NodeSketch? sketch = null)
    {
        (_layout, _tensor, _log, _team, _buffer, _sketch) = (layout, tensor, log, team, buffer, sketch);
        (_cores, _ranks, _active) = (new double[layout.Count][], new int[layout.Count], [.. layout.LeafOfMode]);
    }

    public double[][] Cores => _cores;

    public int[] Ranks => _ranks;

    public static int Stages(int order) => Math.Max(0, 2 * order - 3);

    /// <summary>Boundaries at which a node ends that begins at the first mode, or begins that ends at the last.</summary>
    public static IEnumerable<int> Boundaries(TreeLayout layout) =>
        Enumerable.Range(1, layout.LeafOfMode.Length - 1).Where(boundary => NodeAt(layout, boundary) >= 0);

    public void Run(MatrixSplit? split)
    {
        if (split is not null) RunSplit(split);
        var root = _layout.Root;
        if (_layout.IsLeaf(root))
        {
            (_cores[root], _ranks[root]) = (_tensor.ToArray(_buffer), 1);
            return;
        }

        Truncate(Enumerable.Range(0, root).Where(node => _cores[node] is null && _layout.Parent[node] != root));
        Finish(_layout.Left[root], _layout.Right[root]);
    }

    private static int NodeAt(TreeLayout layout, int boundary)
    {
        var order = layout.LeafOfMode.Length;
        return Array.FindIndex(layout.Nodes, node => (node.Modes[0] == 0 && node.Modes.Count == boundary) || (node.Modes[0] == boundary && node.Modes.Count == order - boundary));
    }

    private void RunSplit(MatrixSplit split)
    {
        var (node, boundary) = (NodeAt(_layout, split.Boundary), split.Boundary);
        var sizes = _tensor.Sizes;
        var isLeft = _layout.Nodes[node].Modes[0] == 0;
        var leaves = _active;
        var (weighted, v) = isLeft ? split.ToLeft(_team) : (split.B, split.Q);
        var bond = isLeft ? weighted.Length / split.Left : split.Rank;
        _tensor = new StagedTensor(new ArraySource(weighted), isLeft ? [.. sizes.Take(boundary), bond] : [bond, .. sizes.Skip(boundary)]);
        _active = isLeft ? [.. leaves.Take(boundary), Bond] : [Bond, .. leaves.Skip(boundary)];
        Truncate(Subtree(node));
        var (left, rank) = (_tensor.ToArray(_buffer), _ranks[node]);
        var product = isLeft ? MatrixSplit.Product(left, rank, bond, v, split.Right, _team) : MatrixSplit.Product(v, split.Left, bond, left, rank, _team);
        _tensor = new StagedTensor(new ArraySource(product), isLeft ? [rank, .. sizes.Skip(boundary)] : [.. sizes.Take(boundary), rank]);
        _active = isLeft ? [node, .. leaves.Skip(boundary)] : [.. leaves.Take(boundary), node];
    }

    private IEnumerable<int> Subtree(int node) => Enumerable.Range(node - 2 * _layout.Nodes[node].Modes.Count + 2, 2 * _layout.Nodes[node].Modes.Count - 1);

    /// <summary>Leaves first, those of most indices before others unless they have more than all others together; then inner nodes, children before parents.</summary>
    private void Truncate(IEnumerable<int> nodes)
    {
        var all = nodes.ToArray();
        var length = _tensor.Source.Length;
        foreach (var leaf in all.Where(_layout.IsLeaf).OrderBy(leaf => Size(leaf) > length / Size(leaf)).ThenByDescending(Size)) Stage(leaf);
        foreach (var node in all.Where(node => !_layout.IsLeaf(node)))
        {
            MergeChildren(node);
            Stage(node);
        }

        long Size(int leaf) => _tensor.Sizes[_active.IndexOf(leaf)];
    }

    private void MergeChildren(int node)
    {
        var position = _active.IndexOf(_layout.Left[node]);
        _tensor.Merge(position);
        _active[position] = node;
        _active.RemoveAt(position + 1);
    }

    private void Stage(int node)
    {
        var position = _active.IndexOf(node);
        var basis = Basis(node, position);
        Keep(node, basis.Frame(_tensor.Sizes[position]), basis.Rank);
        _tensor.Project(position, basis, _team, _buffer);
    }

    private NodeBasis Basis(int node, int position)
    {
        var (unfolding, rank) = (_tensor.Unfold(position), MaximalRank(node));
        var basis = _sketch?.Of(unfolding, _log.NormLeft, rank) ?? NodeBasis.Of(unfolding, _log.NormLeft, _log.OfStage, rank, _team, _buffer);
        _log.Add(_layout.Nodes[node].Key, basis);
        return basis;
    }

    /// <summary>The root's children have one rank.</summary>
    private int MaximalRank(int node)
    {
        var (root, own) = (_layout.Root, _log.MaximalRankOf(_layout.Nodes[node].Key));
        if (_layout.Parent[node] != root) return own;
        var sibling = _layout.Left[root] == node ? _layout.Right[root] : _layout.Left[root];
        return Math.Min(own, _log.MaximalRankOf(_layout.Nodes[sibling].Key));
    }

    private void Keep(int node, double[] core, int rank) => (_cores[node], _ranks[node]) = (core, rank);

    /// <summary>The root's children have one unfolding: one is truncated, what is left is factored into the root's core and the other's.</summary>
    private void Finish(int left, int right)
    {
        foreach (var child in (int[])[left, right])
        {
            if (_cores[child] is null && !_layout.IsLeaf(child)) MergeChildren(child);
        }

        var (rows, columns) = (_tensor.Sizes[0], _tensor.Sizes[1]);
        var isLeft = _cores[left] is not null || (_cores[right] is null && rows <= columns);
        var (node, position) = isLeft ? (left, 0) : (right, 1);
        var size = _tensor.Sizes[position];
        var basis = Basis(node, position);
        var frame = basis.Frame(size);
        if (_cores[node] is { } done) frame = MatrixSplit.Product(done, done.Length / size, size, frame, basis.Rank, _team);
        Keep(node, frame, basis.Rank);
        _tensor.Project(position, basis, _team, _buffer);
        _log.AddSibling(_layout.Nodes[isLeft ? right : left].Key, _layout.Nodes[node].Key);
        if (isLeft) FactorRight(right, _tensor.ToArray(_buffer), basis.Rank, columns);
        else FactorLeft(left, _tensor.ToArray(_buffer), rows, basis.Rank);
    }

    private void FactorRight(int right, double[] matrix, int rank, int columns)
    {
        var k = Math.Min(rank, columns);
        var (l, q, frame) = (new double[rank * k], new double[k * columns], new double[columns * k]);
        Lq.Factor<double>(rank, columns, new MatrixOperand<double>(matrix, columns, 1), l, q, _team);
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < k; j++) frame[i * k + j] = q[j * columns + i];
        }

        Keep(right, frame, k);
        Keep(_layout.Root, l, 1);
    }

    private void FactorLeft(int left, double[] matrix, int rows, int rank)
    {
        var k = Math.Min(rows, rank);
        var (q, r) = (new double[rows * k], new double[k * rank]);
        Qr.Factor<double>(rows, rank, new MatrixOperand<double>(matrix, rank, 1), q, r, _team);
        Keep(left, q, k);
        Keep(_layout.Root, r, 1);
    }
}
