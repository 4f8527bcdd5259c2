using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// Formats for a matrix and a number of stored numbers: with given modes, or with some ways to cut both sides, the two whole sides always among them. Ranks
/// are as large as the numbers allow and differ by one at most; those of hierarchical Tucker's trees are chosen bond by bond.
/// </summary>
internal sealed class FormatCandidates
{
    /// <summary>Modes of a side that are tried.</summary>
    private const int MostModes = 3;

    private const int KeptTrains = 3;

    private readonly MatrixProblem _problem;
    private readonly CompressedFormat _kind;
    private readonly CompressionOptions _options;
    private readonly MatrixModes? _given;
    private readonly Lazy<TreeSearch> _trees;
    private readonly Lazy<Unfoldings[]> _pairs;

    /// <param name="problem">The matrix.</param>
    /// <param name="kind">The format.</param>
    /// <param name="options">Tree and blocks.</param>
    /// <param name="given">Modes, where they are not to be chosen.</param>
    public FormatCandidates(MatrixProblem problem, CompressedFormat kind, CompressionOptions options, MatrixModes? given)
    {
        (_problem, _kind, _options, _given) = (problem, kind, options, given);
        _trees = new Lazy<TreeSearch>(() => new TreeSearch(problem));
        _pairs = new Lazy<Unfoldings[]>(() => [.. Pairs(problem)]);
    }

    /// <summary>Some formats of at most so many numbers; none where none is so small.</summary>
    public IReadOnlyList<IMatrixFormat> Within(double budget)
    {
        if (_kind == CompressedFormat.LowRank) return Largest(WeightFormat.LowRank, 1, budget) is { } low ? [low] : [];
        var modes = _given is not null ? [_given] : Modes(budget);
        var formats = modes.Select(cut => Largest(level => OfLevel(level, cut), Bonds(cut), budget)).OfType<IMatrixFormat>();
        return _given is null && _kind == CompressedFormat.HierarchicalTucker ? [.. _trees.Value.Formats(budget), .. formats] : [.. formats];
    }

    /// <summary>The format in which every bond has this rank, or the largest it can make use of.</summary>
    public IMatrixFormat OfRank(int rank) =>
        _kind == CompressedFormat.LowRank ? WeightFormat.LowRank(Math.Min(rank, Math.Min(_problem.Rows, _problem.Columns))) : OfLevel(rank * Bonds(_given ?? Balanced()), _given ?? Balanced());

    /// <summary>Pairs of modes n0 m0 against n1 m1 where a side has one or two modes.</summary>
    private static IEnumerable<Unfoldings> Pairs(MatrixProblem problem)
    {
        foreach (var n in Divisors(problem.Rows).Where(n => problem.Parted == 0 || problem.Parted % (problem.Rows / n) == 0))
        {
            foreach (var m in Divisors(problem.Columns))
                if (n * m > 1 && n * m < problem.Rows * problem.Columns) yield return new Unfoldings(problem.Weighted, [n, problem.Rows / n], [m, problem.Columns / m]);
        }
    }

    private static IEnumerable<int> Divisors(int number) => Enumerable.Range(1, number).Where(divisor => number % divisor == 0);

    /// <summary>As many modes of both sides as <see cref="ModeFactorization.Order"/> says.</summary>
    private MatrixModes Balanced()
    {
        var order = ModeFactorization.Order(_problem.Rows, _problem.Columns);
        int[] inputs = _problem.RowModes(order).Last(), outputs = _problem.ColumnModes(order).Last();
        return new MatrixModes([.. inputs, .. Enumerable.Repeat(1, Math.Max(0, outputs.Length - inputs.Length))], [.. outputs, .. Enumerable.Repeat(1, Math.Max(0, inputs.Length - outputs.Length))]);
    }

    private IEnumerable<MatrixModes> Modes(double budget)
    {
        if (_kind is CompressedFormat.TensorTrain or CompressedFormat.BlockTerm) return [.. Trains(budget), new MatrixModes([_problem.Rows, 1], [1, _problem.Columns]), Balanced()];
        if (_kind == CompressedFormat.HierarchicalTucker) return Trains(budget);
        return _problem.RowModes(MostModes).SelectMany(inputs => _problem.ColumnModes(MostModes).Where(outputs => outputs.Length + inputs.Length <= MostModes + 1)
            .Select(outputs => new MatrixModes(inputs, outputs)));
    }

    /// <summary>Modes of the trains of two that are nearest.</summary>
    private IEnumerable<MatrixModes> Trains(double budget) =>
        _pairs.Value.Select(pair => (Pair: pair, Error: TrainError(pair, budget))).Where(train => double.IsFinite(train.Error)).OrderBy(train => train.Error)
            .Take(KeptTrains).Select(train => new MatrixModes([train.Pair.Sizes[0], train.Pair.Sizes[1]], [train.Pair.Sizes[2], train.Pair.Sizes[3]]));

    private static double TrainError(Unfoldings pair, double budget)
    {
        var set = 1u | 4u;
        var rank = (int)(budget / (pair.Volume(set) + (double)pair.Volume(pair.All & ~set)));
        if (rank < 1) return double.PositiveInfinity;
        var tail = pair.Tail(set);
        return tail.Length == 0 ? double.PositiveInfinity : tail[Math.Min(rank, tail.Length - 1)];
    }

    /// <summary>Bonds that have ranks of their own.</summary>
    private int Bonds(MatrixModes modes) => _kind switch
    {
        CompressedFormat.TensorTrain => Math.Max(1, modes.Inputs.Count - 1),
        CompressedFormat.TensorRing or CompressedFormat.Tucker => modes.Inputs.Count + modes.Outputs.Count,
        CompressedFormat.BlockTerm => modes.Inputs.Count,
        _ => 1,
    };

    /// <summary>The sum of the ranks is the level, no rank more than one above another, as far as bonds can make use of them.</summary>
    private IMatrixFormat OfLevel(int level, MatrixModes modes)
    {
        var pairs = modes.Inputs.Zip(modes.Outputs, (n, m) => (long)n * m).ToArray();
        int[] ranks = [.. Enumerable.Range(0, Bonds(modes)).Select(bond => (level + bond) / Bonds(modes))], sizes = [.. modes.Inputs, .. modes.Outputs];
        return WeightFormat.OverModes(
            _kind switch
            {
                CompressedFormat.HierarchicalTucker => Tree(level, modes),
                CompressedFormat.TensorTrain => WeightFormat.TensorTrain([.. ranks.Select((rank, bond) => (int)Math.Min(rank, Smaller(pairs, bond + 1)))]),
                CompressedFormat.TensorRing => WeightFormat.TensorRing([.. Ring(ranks, sizes)]),
                CompressedFormat.BlockTerm => WeightFormat.BlockTerm(_options.Blocks, [.. pairs.Select((own, mode) => (int)Math.Min(ranks[mode], Math.Min(own, Math.Max(1, modes.DenseParameters / own))))]),
                CompressedFormat.Tucker => WeightFormat.Tucker(Factors(ranks, sizes)),
                _ => WeightFormat.CanonicalPolyadic((int)Math.Min(level, modes.DenseParameters / sizes.Max())),
            },
            modes.Inputs,
            modes.Outputs);
    }

    private IMatrixFormat Tree(int rank, MatrixModes modes)
    {
        var nodes = DimensionTree.Parse(_options.Tree, modes.Inputs.Count).Nodes().ToArray();
        var ranks = new Dictionary<DimensionTree, int>();
        foreach (var node in nodes)
        {
            var inside = node.Modes.Aggregate(1.0, (product, mode) => product * modes.Inputs[mode] * modes.Outputs[mode]);
            var most = Math.Min(inside, modes.DenseParameters / inside);
            if (!node.IsLeaf) most = Math.Min(most, (double)ranks[node.Left!] * ranks[node.Right!]);
            ranks[node] = (int)Math.Min(rank, most);
        }

        return WeightFormat.HierarchicalTucker([.. nodes.SkipLast(1).Select(node => ranks[node])], _options.Tree, IdentityFrames.LeftOut);
    }

    private static long Smaller(long[] pairs, int bond)
    {
        var (left, right) = (pairs.Take(bond).Aggregate(1L, (product, size) => product * size), pairs.Skip(bond).Aggregate(1L, (product, size) => product * size));
        return Math.Min(left, right);
    }

    /// <summary>A bond of a ring can make use of its neighbour's rank times the mode between them, and of no more than the squarest matrix that a cut at it makes.</summary>
    private static int[] Ring(int[] ranks, int[] sizes)
    {
        for (var k = 0; k < sizes.Length; k++)
        {
            var (arc, all, most) = (1.0, sizes.Aggregate(1.0, (product, size) => product * size), 1.0);
            for (var length = 1; length < sizes.Length; length++)
            {
                arc *= sizes[(k + length) % sizes.Length];
                most = Math.Max(most, Math.Min(arc, all / arc));
            }

            ranks[k] = (int)Math.Min(ranks[k], most);
        }

        for (var pass = 0; pass < sizes.Length; pass++)
        {
            for (var k = 0; k < sizes.Length; k++)
            {
                var before = (k + sizes.Length - 1) % sizes.Length;
                ranks[k] = (int)Math.Min(ranks[k], (long)ranks[before] * sizes[k]);
                ranks[before] = (int)Math.Min(ranks[before], (long)ranks[k] * sizes[k]);
            }
        }

        return ranks;
    }

    private static int[] Factors(int[] ranks, int[] sizes)
    {
        for (var k = 0; k < sizes.Length; k++) ranks[k] = Math.Min(ranks[k], sizes[k]);
        for (var pass = 0; pass < sizes.Length; pass++)
        {
            for (var k = 0; k < sizes.Length; k++)
                ranks[k] = (int)Math.Min(ranks[k], ranks.Where((_, other) => other != k).Aggregate(1.0, (product, other) => product * other));
        }

        return ranks;
    }

    /// <summary>The largest level whose numbers are within the budget, by doubling and halving; of rank 1 at every bond, the bonds' number, at least.</summary>
    private IMatrixFormat? Largest(Func<int, IMatrixFormat> ofLevel, int bonds, double budget)
    {
        var most = bonds * Math.Min(_problem.Rows, _problem.Columns) * (_kind == CompressedFormat.CanonicalPolyadic ? 4 : 1);
        IMatrixFormat Of(int level) => ofLevel(Math.Min(level, most));
        double Count(int level) => Of(level).Describe(new MatrixModes([_problem.Rows], [_problem.Columns])).ParameterCount;
        if (Count(bonds) > budget) return null;
        var (low, high) = (bonds, 2 * bonds);
        while (high <= most && Count(high) <= budget) (low, high) = (high, high * 2);
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (middle <= most && Count(middle) <= budget) low = middle;
            else high = middle;
        }

        return Of(low);
    }
}
