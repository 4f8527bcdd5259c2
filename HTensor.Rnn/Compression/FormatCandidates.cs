using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// Formats for a matrix and a number of stored numbers: with given modes, or with some ways to cut both sides, the two whole sides always among them. Ranks
/// are as large as the numbers allow, one for all bonds; hierarchical Tucker's and the tensor train's of two are chosen bond by bond.
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
        if (_kind == CompressedFormat.LowRank) return Largest(WeightFormat.LowRank, budget) is { } low ? [low] : [];
        if (_given is null && _kind == CompressedFormat.HierarchicalTucker) return _trees.Value.Formats(budget);
        var modes = _given is not null ? [_given] : Modes(budget);
        return [.. modes.Select(cut => Largest(rank => OfRank(rank, cut), budget)).OfType<IMatrixFormat>()];
    }

    /// <summary>The format in which every bond has this rank, or the largest it can make use of.</summary>
    public IMatrixFormat OfRank(int rank) =>
        _kind == CompressedFormat.LowRank ? WeightFormat.LowRank(Math.Min(rank, Math.Min(_problem.Rows, _problem.Columns))) : OfRank(rank, _given ?? Balanced());

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
        if (_kind is CompressedFormat.TensorTrain or CompressedFormat.BlockTerm)
        {
            var trains = _pairs.Value.Select(pair => (Pair: pair, Error: TrainError(pair, budget))).Where(train => double.IsFinite(train.Error)).OrderBy(train => train.Error)
                .Take(KeptTrains).Select(train => new MatrixModes([train.Pair.Sizes[0], train.Pair.Sizes[1]], [train.Pair.Sizes[2], train.Pair.Sizes[3]]));
            return [.. trains, new MatrixModes([_problem.Rows, 1], [1, _problem.Columns]), Balanced()];
        }

        return _problem.RowModes(MostModes).SelectMany(inputs => _problem.ColumnModes(MostModes).Where(outputs => outputs.Length + inputs.Length <= MostModes + 1)
            .Select(outputs => new MatrixModes(inputs, outputs)));
    }

    private static double TrainError(Unfoldings pair, double budget)
    {
        var set = 1u | 4u;
        var rank = (int)(budget / (pair.Volume(set) + (double)pair.Volume(pair.All & ~set)));
        if (rank < 1) return double.PositiveInfinity;
        var tail = pair.Tail(set);
        return tail.Length == 0 ? double.PositiveInfinity : tail[Math.Min(rank, tail.Length - 1)];
    }

    private IMatrixFormat OfRank(int rank, MatrixModes modes)
    {
        var order = modes.Inputs.Count;
        var pairs = modes.Inputs.Zip(modes.Outputs, (n, m) => (long)n * m).ToArray();
        return WeightFormat.OverModes(
            _kind switch
            {
                CompressedFormat.HierarchicalTucker => Tree(rank, modes),
                CompressedFormat.TensorTrain => WeightFormat.TensorTrain([.. Enumerable.Range(1, Math.Max(1, order - 1)).Select(bond => (int)Math.Min(rank, Smaller(pairs, bond)))]),
                CompressedFormat.TensorRing => WeightFormat.TensorRing([.. Ring(rank, [.. modes.Inputs, .. modes.Outputs])]),
                CompressedFormat.BlockTerm => WeightFormat.BlockTerm(_options.Blocks, [.. pairs.Select(own => (int)Math.Min(rank, Math.Min(own, Math.Max(1, modes.DenseParameters / own))))]),
                CompressedFormat.Tucker => WeightFormat.Tucker(Factors(rank, [.. modes.Inputs, .. modes.Outputs])),
                _ => WeightFormat.CanonicalPolyadic((int)Math.Min(rank, modes.DenseParameters / modes.Inputs.Concat(modes.Outputs).Max())),
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

    /// <summary>A bond of a ring can make use of its neighbour's rank times the mode between them.</summary>
    private static int[] Ring(int rank, int[] sizes)
    {
        int[] ranks = [.. Enumerable.Repeat(rank, sizes.Length)];
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

    private static int[] Factors(int rank, int[] sizes)
    {
        int[] ranks = [.. sizes.Select(size => Math.Min(rank, size))];
        for (var pass = 0; pass < sizes.Length; pass++)
        {
            for (var k = 0; k < sizes.Length; k++)
                ranks[k] = (int)Math.Min(ranks[k], ranks.Where((_, other) => other != k).Aggregate(1.0, (product, other) => product * other));
        }

        return ranks;
    }

    /// <summary>The largest rank whose numbers are within the budget, by doubling and halving.</summary>
    private IMatrixFormat? Largest(Func<int, IMatrixFormat> ofRank, double budget)
    {
        var most = Math.Min(_problem.Rows, _problem.Columns) * (_kind == CompressedFormat.CanonicalPolyadic ? 4 : 1);
        IMatrixFormat Of(int rank) => ofRank(Math.Min(rank, most));
        double Count(int rank) => Of(rank).Describe(new MatrixModes([_problem.Rows], [_problem.Columns])).ParameterCount;
        if (Count(1) > budget) return null;
        var (low, high) = (1, 2);
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
