using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// Every node's frame from its own unfolding of the tensor itself; transfer tensors are a frame in the coordinates of its children's, the root's core
/// the tensor in those of its two (Grasedyck 2010, algorithm 1). The tree's modes stand in the order of the tensor's.
/// </summary>
internal sealed class UnprojectedSweep(TreeLayout layout, StagedTensor tensor, StageLog log, ThreadTeam team, DenseBuffer buffer)
{
    private readonly double[][] _frames = new double[layout.Count][];

    public double[][] Cores { get; } = new double[layout.Count][];

    public int[] Ranks { get; } = new int[layout.Count];

    public void Run()
    {
        var root = layout.Root;
        Ranks[root] = 1;
        if (layout.IsLeaf(root))
        {
            Cores[root] = tensor.ToArray(buffer);
            return;
        }

        var share = log.OfStage;
        for (var node = 0; node < root; node++) Frame(node, share);
        Core(root, tensor.ToArray(buffer), 1);
    }

    private void Frame(int node, double allowed)
    {
        var modes = layout.Nodes[node].Modes;
        var (outer, rows, inner) = (Product(0, modes[0]), Product(modes[0], modes[^1] + 1), Product(modes[^1] + 1, tensor.Sizes.Count));
        var key = layout.Nodes[node].Key;
        var unfolding = new Unfolding(tensor.Source, outer, checked((int)rows), inner);
        var basis = NodeBasis.Of(unfolding, log.Norm, allowed, log.MaximalRankOf(key), team, buffer);
        log.Add(key, basis, layout.Right[layout.Root] == node ? layout.Nodes[layout.Left[layout.Root]].Key : null);
        (_frames[node], Ranks[node]) = (basis.Frame((int)rows), basis.Rank);
        if (layout.IsLeaf(node)) Cores[node] = _frames[node];
        else Core(node, _frames[node], basis.Rank);
    }

    /// <summary>(U_left (x) U_right)^T F for a frame F [left right, columns].</summary>
    private void Core(int node, double[] frame, int columns)
    {
        var (left, right) = (layout.Left[node], layout.Right[node]);
        var (rows, others) = (_frames[left].Length / Ranks[left], _frames[right].Length / Ranks[right]);
        var half = new double[checked(Ranks[left] * others * columns)];
        Gemm.Multiply<double>(Ranks[left], others * columns, rows, new(_frames[left], 1, Ranks[left]), new(frame, others * columns, 1), half, others * columns, 1, Accumulation.Overwrite, team);
        var core = Cores[node] = new double[Ranks[left] * Ranks[right] * columns];
        GemmBatch.Multiply<double>(Ranks[left], Ranks[right], columns, others, new(_frames[right], 1, Ranks[right]), 0, new(half, columns, 1), others * columns,
            core, Ranks[right] * columns, columns, 1, Accumulation.Overwrite, team);
        (_frames[left], _frames[right]) = ([], []);
    }

    private long Product(int from, int to)
    {
        var product = 1L;
        for (var k = from; k < to; k++) product *= tensor.Sizes[k];
        return product;
    }
}
