namespace HTensor.Rnn;

/// <summary>
/// Ranks of a tree for a number of stored numbers: those with the least bound of the squared error, sum of the nodes' tails, found by descent over one rank after
/// another of tails + price x numbers, the price halved until the numbers are reached.
/// </summary>
internal static class TreeRanks
{
    private const int Prices = 48;
    private const int Rounds = 6;

    /// <returns>The ranks and the bound; null where no ranks are so small.</returns>
    public static (int[] Ranks, double Bound)? Choose(TreeShape shape, double budget)
    {
        var total = shape.Tails[0][0];
        var (low, high) = (total * 1e-14, total);
        (int[] Ranks, double Bound)? best = null;
        for (var i = 0; i < Prices && low < high; i++)
        {
            var price = Math.Sqrt(low * high);
            var ranks = Descend(shape, price);
            if (shape.Count(ranks) > budget)
            {
                low = price;
                continue;
            }

            high = price;
            if (Bound(shape, ranks) is var bound && (best is null || bound < best.Value.Bound)) best = (ranks, bound);
        }

        return best is { } found ? Filled(shape, found.Ranks, budget) : null;
    }

    private static double Bound(TreeShape shape, int[] ranks)
    {
        var sum = 0.0;
        for (var node = 0; node < ranks.Length; node++) sum += shape.IsTwin(node) ? 0 : shape.Tails[node][ranks[node]];
        return sum;
    }

    /// <summary>From the smallest and from the largest ranks; the better end.</summary>
    private static int[] Descend(TreeShape shape, double price)
    {
        int[] small = [.. Enumerable.Repeat(1, shape.Nodes - 1)], large = new int[shape.Nodes - 1];
        for (var node = 0; node < large.Length; node++) large[node] = shape.Largest(node, large);
        if (large[^1] != large[shape.Twin]) large[^1] = large[shape.Twin] = Math.Min(large[^1], large[shape.Twin]);
        Descend(shape, price, small);
        Descend(shape, price, large);
        return Price(small) <= Price(large) ? small : large;
        double Price(int[] ranks) => Bound(shape, ranks) + price * shape.Count(ranks);
    }

    private static void Descend(TreeShape shape, double price, int[] ranks)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var changed = false;
            for (var node = 0; node < ranks.Length; node++)
            {
                if (shape.IsTwin(node)) continue;
                var (kept, best) = (ranks[node], double.PositiveInfinity);
                var chosen = kept;
                for (var rank = 1; rank < shape.Tails[node].Length; rank++)
                {
                    Set(shape, ranks, node, rank);
                    if (!Fits(shape, ranks)) continue;
                    var value = Bound(shape, ranks) + price * shape.Count(ranks);
                    if (value < best) (chosen, best) = (rank, value);
                }

                Set(shape, ranks, node, chosen);
                changed |= chosen != kept;
            }

            if (!changed) return;
        }
    }

    /// <summary>Spends what is left, on the rank that gains most for its numbers.</summary>
    private static (int[] Ranks, double Bound) Filled(TreeShape shape, int[] ranks, double budget)
    {
        while (true)
        {
            var (chosen, best, count, bound) = (-1, 0.0, shape.Count(ranks), Bound(shape, ranks));
            for (var node = 0; node < ranks.Length; node++)
            {
                if (shape.IsTwin(node)) continue;
                Set(shape, ranks, node, ranks[node] + 1);
                if (Fits(shape, ranks) && shape.Count(ranks) is var more && more <= budget && more > count && (bound - Bound(shape, ranks)) / (more - count) is var gain && gain > best)
                    (chosen, best) = (node, gain);
                Set(shape, ranks, node, ranks[node] - 1);
            }

            if (chosen < 0) return (ranks, bound);
            Set(shape, ranks, chosen, ranks[chosen] + 1);
        }
    }

    private static void Set(TreeShape shape, int[] ranks, int node, int rank)
    {
        ranks[node] = rank;
        if (node == shape.Twin) ranks[^1] = rank;
    }

    private static bool Fits(TreeShape shape, int[] ranks)
    {
        for (var node = 0; node < ranks.Length; node++)
        {
            if (ranks[node] > shape.Largest(node, ranks)) return false;
        }

        return true;
    }
}
