using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// The cores of a train from left to right, each stage projecting what the next ones see (Oseledets 2011, algorithm 1). With a split the bonds left of it
/// go first, on a small tensor that has the right side as one mode more.
/// </summary>
internal sealed class TrainSweep
{
    private readonly StageLog _log;
    private readonly ThreadTeam _team;
    private readonly DenseBuffer _buffer;
    private readonly int _order;
    private StagedTensor _tensor;

    public TrainSweep(StagedTensor tensor, StageLog log, ThreadTeam team, DenseBuffer buffer)
    {
        (_tensor, _log, _team, _buffer, _order) = (tensor, log, team, buffer, tensor.Sizes.Count);
        (Cores, Ranks) = (new double[_order][], new int[_order + 1]);
        (Ranks[0], Ranks[_order]) = (1, 1);
    }

    public double[][] Cores { get; }

    public int[] Ranks { get; }

    public static int Stages(int order) => order - 1;

    public static IEnumerable<int> Boundaries(int order) => Enumerable.Range(1, order - 1);

    /// <summary>A bond by the modes left of it.</summary>
    public static string BondName(int bond) => string.Join(',', Enumerable.Range(0, bond));

    public void Run(MatrixSplit? split)
    {
        var first = 1;
        if (split is not null)
        {
            var sizes = _tensor.Sizes;
            var (weighted, v) = split.ToLeft(_team);
            var bond = weighted.Length / split.Left;
            _tensor = new StagedTensor(new ArraySource(weighted), [.. sizes.Take(split.Boundary), bond]);
            for (; first <= split.Boundary; first++) Stage(first);
            var product = MatrixSplit.Product(_tensor.ToArray(_buffer), Ranks[split.Boundary], bond, v, split.Right, _team);
            _tensor = new StagedTensor(new ArraySource(product), [Ranks[split.Boundary], .. sizes.Skip(split.Boundary)]);
        }

        for (; first < _order; first++) Stage(first);
        Cores[_order - 1] = _tensor.ToArray(_buffer);
    }

    /// <summary>Core bond - 1: the bond before it and its mode, merged, against all the rest.</summary>
    private void Stage(int bond)
    {
        if (bond > 1) _tensor.Merge(0);
        var name = BondName(bond);
        var size = _tensor.Sizes[0];
        var basis = NodeBasis.Of(_tensor.Unfold(0), _log.NormLeft, _log.OfStage, _log.MaximalRankOf(name), _team, _buffer);
        _log.Add(name, basis);
        (Cores[bond - 1], Ranks[bond]) = (basis.Frame(size), basis.Rank);
        _tensor.Project(0, basis, _team, _buffer);
    }
}
