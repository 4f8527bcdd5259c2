using System.Numerics;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Algebra;

/// <summary>Hierarchical Tucker over a random tree.</summary>
internal sealed class HtForm<T> : ITensorForm<HierarchicalTucker<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static HierarchicalTucker<T> Random(int[] sizes, Philox random) => OnTree(RandomTree(sizes.Length, random), sizes, random);

    public static HierarchicalTucker<T> Like(HierarchicalTucker<T> x, int[] sizes, Philox random) => OnTree(x.Tree, sizes, random);

    public static DimensionTree RandomTree(int order, Philox random)
    {
        List<DimensionTree> open = [.. Enumerable.Range(0, order).Select(DimensionTree.Leaf)];
        while (open.Count > 1)
        {
            var left = Take();
            open.Add(DimensionTree.Node(left, Take()));
        }

        return open[0];

        DimensionTree Take()
        {
            var at = random.NextInt32(open.Count);
            var taken = open[at];
            open.RemoveAt(at);
            return taken;
        }
    }

    public static HierarchicalTucker<T> OnTree(DimensionTree tree, int[] sizes, Philox random, int largestRank = 3, int leastRank = 1)
    {
        var nodes = tree.Nodes().ToArray();
        int[] ranks = [.. nodes.Select(node => node == tree ? 1 : leastRank + random.NextInt32(largestRank - leastRank + 1))];
        var cores = new T[nodes.Length][];
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = nodes[i];
            cores[i] = new T[(node.IsLeaf ? sizes[node.Modes[0]] : ranks[Array.IndexOf(nodes, node.Left)] * ranks[Array.IndexOf(nodes, node.Right)]) * ranks[i]];
            random.FillNormal<T>(cores[i], T.One);
        }

        return new HierarchicalTucker<T>(tree, sizes, ranks, cores);
    }

    public static DenseTensor Expected(HierarchicalTucker<T> x, Func<double, double> number)
    {
        var nodes = x.Tree.Nodes().ToArray();
        return DenseTensor.From([.. x.ModeSizes], index =>
        {
            var rows = new double[nodes.Length][];
            for (var t = 0; t < nodes.Length; t++)
            {
                var core = x.Core(t).Span;
                var rank = x.Ranks[t];
                rows[t] = new double[rank];
                if (nodes[t].IsLeaf)
                {
                    for (var c = 0; c < rank; c++) rows[t][c] = number(double.CreateTruncating(core[index[nodes[t].Modes[0]] * rank + c]));
                    continue;
                }

                var (left, right) = (rows[Array.IndexOf(nodes, nodes[t].Left)], rows[Array.IndexOf(nodes, nodes[t].Right)]);
                for (var a = 0; a < left.Length; a++)
                {
                    for (var b = 0; b < right.Length; b++)
                    {
                        for (var c = 0; c < rank; c++) rows[t][c] += left[a] * right[b] * number(double.CreateTruncating(core[(a * right.Length + b) * rank + c]));
                    }
                }
            }

            return rows[^1][0];
        });
    }

    public static HierarchicalTucker<T> Add(HierarchicalTucker<T> x, HierarchicalTucker<T> y) => HierarchicalTucker.Add(x, y);

    public static HierarchicalTucker<T> Subtract(HierarchicalTucker<T> x, HierarchicalTucker<T> y) => HierarchicalTucker.Subtract(x, y);

    public static HierarchicalTucker<T> Sum(params IReadOnlyList<HierarchicalTucker<T>> terms) => HierarchicalTucker.Sum(terms);

    public static HierarchicalTucker<T> Scale(HierarchicalTucker<T> x, T factor) => HierarchicalTucker.Scale(x, factor);

    public static HierarchicalTucker<T> Multiply(HierarchicalTucker<T> x, HierarchicalTucker<T> y) => HierarchicalTucker.Multiply(x, y);

    public static HierarchicalTucker<T> Concatenate(HierarchicalTucker<T> x, HierarchicalTucker<T> y, int mode) => HierarchicalTucker.Concatenate(x, y, mode);

    public static double Inner(HierarchicalTucker<T> x, HierarchicalTucker<T> y) => HierarchicalTucker.Inner(x, y);

    public static T[] Mttkrp(HierarchicalTucker<T> x, IReadOnlyList<T[]> factors, int columns, int mode) => HierarchicalTucker.Mttkrp(x, factors, columns, mode);

    public static HierarchicalTucker<T> MultiplyMode(HierarchicalTucker<T> x, int mode, T[] matrix, int rows) => HierarchicalTucker.MultiplyMode<T>(x, mode, matrix, rows);

    public static HierarchicalTucker<T> ContractModes(HierarchicalTucker<T> x, int[] modes, IReadOnlyList<T[]> vectors) => modes.Length == 1 ? HierarchicalTucker.ContractMode<T>(x, modes[0], vectors[0]) : HierarchicalTucker.ContractModes(x, modes, vectors);

    public static HierarchicalTucker<T> SumOverModes(HierarchicalTucker<T> x, int[] modes) => HierarchicalTucker.SumOverModes(x, modes);

    public static HierarchicalTucker<T> MeanOverModes(HierarchicalTucker<T> x, int[] modes) => HierarchicalTucker.MeanOverModes(x, modes);

    public static HierarchicalTucker<T> MultiplyModes(HierarchicalTucker<T> x, int[] modes, IReadOnlyList<T[]> matrices) => HierarchicalTucker.MultiplyModes(x, modes, matrices);

    public static ScaledNumber SumOfEntries(HierarchicalTucker<T> x) => HierarchicalTucker.SumOfEntries(x);

    public static ScaledNumber MeanOfEntries(HierarchicalTucker<T> x) => HierarchicalTucker.MeanOfEntries(x);

    public static HierarchicalTucker<T> Squeeze(HierarchicalTucker<T> x) => HierarchicalTucker.Squeeze(x);

    public static HierarchicalTucker<T> Slice(HierarchicalTucker<T> x, Range[] ranges) => HierarchicalTucker.Slice(x, ranges);

    public static HierarchicalTucker<T> Select(HierarchicalTucker<T> x, int mode, int[] indices) => HierarchicalTucker.Select(x, mode, indices);

    public static HierarchicalTucker<T> Fix(HierarchicalTucker<T> x, int mode, int index) => HierarchicalTucker.Fix(x, mode, index);

    public static T Entry(HierarchicalTucker<T> x, int[] indices) => HierarchicalTucker.Entry(x, indices);

    public static T[] Entries(HierarchicalTucker<T> x, int[] indices) => HierarchicalTucker.Entries<T>(x, indices);

    public static T[] ToArray(HierarchicalTucker<T> x) => HierarchicalTucker.ToArray(x);
}
