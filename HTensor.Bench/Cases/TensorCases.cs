using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Bench;

/// <summary>
/// Verbs on tensors in hierarchical Tucker form, balanced trees, mode size 32, rank 16, double, on one thread: a sum, an inner product, and ranks 32
/// truncated to 16, of a sum of two (blocks) and of a tensor without blocks. A sum builds a core when it is read, and here all are.
/// </summary>
internal static class TensorCases
{
    private const int Size = 32;
    private const int Rank = 16;

    private static readonly int[] Orders = [8, 64];

    public static IEnumerable<NamedCase> All() => Orders.SelectMany(order => new NamedCase[]
    {
        new($"ht add, order {order}", () => Add(order)),
        new($"ht inner, order {order}", () => Inner(order)),
        new($"ht truncate 32 to 16, order {order}", () => Truncate(order, HierarchicalTucker.Add(Random(order, Rank, 1), Random(order, Rank, 2)), "")),
        new($"ht truncate 32 to 16, no blocks, order {order}", () => Truncate(order, Random(order, 2 * Rank, 3), "no blocks, ")),
    });

    private static BenchCase Add(int order)
    {
        var (x, y) = (Random(order, Rank, 1), Random(order, Rank, 2));
        var numbers = HierarchicalTucker.Add(x, y).StoredNumbers;
        return new($"ht add, order {order}", typeof(double), 0, 8.0 * (2 * numbers + x.StoredNumbers + y.StoredNumbers), () => Build(HierarchicalTucker.Add(x, y)), []);

        static void Build(HierarchicalTucker<double> sum)
        {
            for (var node = 0; node < sum.Ranks.Count; node++) sum.Core(node);
        }
    }

    private static BenchCase Inner(int order)
    {
        var (x, y) = (Random(order, Rank, 1), Random(order, Rank, 2));
        return new($"ht inner, order {order}", typeof(double), 3 * Fourth(Rank) * (order - 2) + order * Size * Rank * Rank, 8.0 * (x.StoredNumbers + y.StoredNumbers), () => HierarchicalTucker.Inner(x, y), []);
    }

    /// <summary>The limit counts what the algorithm must do: two products, Q R, two Gram matrices, the projection, of a transfer tensor without zeros.</summary>
    private static BenchCase Truncate(int order, HierarchicalTucker<double> x, string blocks)
    {
        var truncation = Truncation.MaximalRank(Rank);
        return new($"ht truncate 32 to 16, {blocks}order {order}", typeof(double), 7.75 * Fourth(2 * Rank) * (order - 2), 8.0 * x.StoredNumbers, () => HierarchicalTucker.Truncate(x, truncation), []);
    }

    private static double Fourth(double rank) => rank * rank * rank * rank;

    private static HierarchicalTucker<double> Random(int order, int rank, ulong seed)
    {
        var (tree, random) = (DimensionTree.Balanced(order), new Philox(seed));
        var nodes = tree.Nodes();
        var cores = nodes.Select(node => new double[node.IsLeaf ? Size * rank : node == tree ? rank * rank : rank * rank * rank]).ToArray();
        foreach (var core in cores) random.FillNormal<double>(core, 1.0 / rank);
        return new HierarchicalTucker<double>(tree, [.. Enumerable.Repeat(Size, order)], [.. nodes.Select(node => node == tree ? 1 : rank)], cores);
    }
}
