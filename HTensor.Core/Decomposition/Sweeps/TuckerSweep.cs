using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A frame a mode, each stage projecting what the next ones see, and the core that is left (Vannieuwenhoven, Vandebril, Meerbergen 2012). With a split
/// each side goes by itself, with the other as one mode more.
/// </summary>
internal sealed class TuckerSweep
{
    private readonly StageLog _log;
    private readonly ThreadTeam _team;
    private readonly DenseBuffer _buffer;
    private readonly int _order;
    private StagedTensor _tensor;

    public TuckerSweep(StagedTensor tensor, StageLog log, ThreadTeam team, DenseBuffer buffer)
    {
        (_tensor, _log, _team, _buffer, _order) = (tensor, log, team, buffer, tensor.Sizes.Count);
        (Frames, Ranks) = (new double[_order][], new int[_order]);
    }

    public double[][] Frames { get; }

    public int[] Ranks { get; }

    public double[] Core { get; private set; } = [];

    public void Run(MatrixSplit? split)
    {
        if (split is null)
        {
            Truncate(0, _order, 0);
            Core = _tensor.ToArray(_buffer);
            return;
        }

        var (sizes, boundary) = (_tensor.Sizes, split.Boundary);
        var (weighted, v) = split.ToLeft(_team);
        var bond = weighted.Length / split.Left;
        _tensor = new StagedTensor(new ArraySource(weighted), [.. sizes.Take(boundary), bond]);
        Truncate(0, boundary, 0);
        var left = _tensor.ToArray(_buffer);
        var rows = left.Length / bond;
        var k = Math.Min(rows, bond);
        var (q, r) = (new double[rows * k], new double[k * bond]);
        Qr.Factor<double>(rows, bond, new MatrixOperand<double>(left, bond, 1), q, r, _team);
        _tensor = new StagedTensor(new ArraySource(MatrixSplit.Product(r, k, bond, v, split.Right, _team)), [k, .. sizes.Skip(boundary)]);
        Truncate(boundary, _order, boundary - 1);
        var right = _tensor.ToArray(_buffer);
        Core = MatrixSplit.Product(q, rows, k, right, right.Length / k, _team);
    }

    private void Truncate(int first, int end, int shift)
    {
        var length = _tensor.Source.Length;
        foreach (var mode in Enumerable.Range(first, end - first).OrderBy(mode => Size(mode) > length / Size(mode)).ThenByDescending(Size))
        {
            var name = $"{mode}";
            var size = _tensor.Sizes[mode - shift];
            var basis = NodeBasis.Of(_tensor.Unfold(mode - shift), _log.NormLeft, _log.OfStage, _log.MaximalRankOf(name), _team, _buffer);
            _log.Add(name, basis);
            (Frames[mode], Ranks[mode]) = (basis.Frame(size), basis.Rank);
            _tensor.Project(mode - shift, basis, _team, _buffer);
        }

        long Size(int mode) => _tensor.Sizes[mode - shift];
    }
}
