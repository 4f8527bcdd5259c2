using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// Modes and trees of hierarchical Tucker for a matrix and a number of stored numbers. The sides are cut into small factors. Sets of factors that
/// are split from the others by one bond come first: the inputs from the outputs, which is low rank; pairs of leading factors, which is a tensor train of
/// two; and what moving single factors from these makes better. Then the better of those with one side or both split once more. Candidates are
/// ranked by the bound of their error; as low rank is one of them, none that is kept is worse.
/// </summary>
internal sealed class TreeSearch
{
    /// <summary>Factors of a side.</summary>
    private const int Factors = 6;

    /// <summary>Unfoldings that a search may compute.</summary>
    private const int MostUnfoldings = 96;

    private const int Kept = 3;

    private readonly Unfoldings _unfoldings;
    private readonly MatrixProblem _problem;

    public TreeSearch(MatrixProblem problem)
    {
        _problem = problem;
        int[] rows = problem.RowModes(Factors).Where(modes => modes.Length == 1 || modes.Aggregate(1, (product, mode) => product * mode) == problem.Rows).Last();
        int[] columns = problem.ColumnModes(Factors).Last();
        _unfoldings = new Unfoldings(problem.Weighted, rows, columns);
    }

    /// <summary>Formats by the bound of their error, low rank among them.</summary>
    public IReadOnlyList<IMatrixFormat> Formats(double budget)
    {
        var splits = Splits(budget).ToList();
        var shapes = splits.Select(set => TreeShape.Split(_unfoldings, set)).ToList();
        foreach (var set in splits.Take(2)) shapes.AddRange(Deeper(set));
        var chosen = shapes.Where(shape => shape.IsKnown).Select(shape => (Shape: shape, Choice: TreeRanks.Choose(shape, budget))).Where(pair => pair.Choice is not null)
            .OrderBy(pair => pair.Choice!.Value.Bound).ToList();
        var low = chosen.Where(pair => pair.Shape.Nodes == 3 && pair.Shape.Sets[0] == _unfoldings.Rows);
        return [.. chosen.Take(Kept).Concat(low).DistinctBy(pair => pair.Shape).Select(pair => TreeText.Format(_unfoldings, pair.Shape, pair.Choice!.Value.Ranks))];
    }

    private static uint Bit(int factor) => 1u << factor;

    /// <summary>Sets that one bond parts from the others, the best first; that of the inputs is always among them.</summary>
    private List<uint> Splits(double budget)
    {
        var known = new Dictionary<uint, double>();
        double Value(uint set)
        {
            var key = Math.Min(set, _unfoldings.All & ~set);
            if (known.TryGetValue(key, out var value)) return value;
            if (_unfoldings.Computed >= MostUnfoldings) return double.PositiveInfinity;
            var tail = _unfoldings.Tail(key);
            var rank = (int)Math.Min(tail.Length - 1, budget / (_unfoldings.Volume(key) + (double)_unfoldings.Volume(_unfoldings.All & ~key)));
            return known[key] = rank < 1 ? double.PositiveInfinity : tail[rank];
        }

        Value(_unfoldings.Rows);
        for (var n = 1; n < _unfoldings.Inputs; n++)
        {
            for (var m = 1; m < _unfoldings.Sizes.Count - _unfoldings.Inputs; m++) Value(First(0, n) | First(_unfoldings.Inputs, m));
        }

        foreach (var start in known.OrderBy(pair => pair.Value).Take(2).Select(pair => pair.Key).ToArray()) Climb(start, Value);
        return [.. known.Where(pair => double.IsFinite(pair.Value)).OrderBy(pair => pair.Value).Take(Kept).Select(pair => pair.Key).Append(_unfoldings.Rows).Distinct()];
    }

    /// <summary>Moves the factor that lowers the error most, as long as one does.</summary>
    private void Climb(uint set, Func<uint, double> value)
    {
        while (true)
        {
            var (chosen, best) = (set, value(set));
            for (var factor = 0; factor < _unfoldings.Sizes.Count; factor++)
            {
                var moved = set ^ Bit(factor);
                if (moved != 0 && moved != _unfoldings.All && value(moved) is var found && found < best) (chosen, best) = (moved, found);
            }

            if (chosen == set) return;
            set = chosen;
        }
    }

    private static uint First(int from, int count) => ((1u << count) - 1) << from;

    /// <summary>One side of a split parted once more, or both, at the places that halve them.</summary>
    private IEnumerable<TreeShape> Deeper(uint set)
    {
        var other = _unfoldings.All & ~set;
        foreach (var (a, b) in Halves(set)) yield return TreeShape.Chain(_unfoldings, a, b);
        foreach (var (a, b) in Halves(other)) yield return TreeShape.Chain(_unfoldings, a, b);
        foreach (var (a, b) in Halves(set).Take(2))
        {
            foreach (var (c, _) in Halves(other).Take(2)) yield return TreeShape.Balanced(_unfoldings, a, b, c);
        }
    }

    private IEnumerable<(uint, uint)> Halves(uint set)
    {
        int[] factors = [.. _unfoldings.Factors(set)];
        foreach (var count in Enumerable.Range(1, Math.Max(0, factors.Length - 1)).OrderBy(count => Math.Abs(2 * count - factors.Length)).Take(3))
        {
            var first = factors.Take(count).Aggregate(0u, (sum, factor) => sum | Bit(factor));
            yield return (first, set & ~first);
        }
    }
}
