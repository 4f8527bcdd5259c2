using System.Numerics;
using HTensor.Core;

namespace HTensor.Tests.Core.Decomposition;

/// <summary>Dense tensors by plain loops.</summary>
internal static class TensorOracle
{
    /// <summary>Values of a function of the indices, row-major.</summary>
    public static double[] Make(int[] sizes, Func<int[], double> function)
    {
        var (values, index) = (new double[sizes.Aggregate(1, (product, size) => product * size)], new int[sizes.Length]);
        for (var at = 0; at < values.Length; at++)
        {
            values[at] = function(index);
            for (var k = sizes.Length - 1; k >= 0 && ++index[k] == sizes[k]; k--) index[k] = 0;
        }

        return values;
    }

    public static double[] Reciprocals(int[] sizes) => Make(sizes, index => 1.0 / (index.Sum() + index.Length));

    public static double[] Sums(int[] sizes) => Make(sizes, index => index.Sum() + index.Length);

    public static double[] Sines(int[] sizes) => Make(sizes, index => Math.Sin(index.Sum() * 0.37 + 0.2));

    public static double[] Noise(int[] sizes, int seed)
    {
        var random = new Random(seed);
        return Make(sizes, _ => random.NextDouble() - 0.5);
    }

    public static double[] Entries<T>(HierarchicalTucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var nodes = x.Tree.Nodes();
        var places = nodes.Select((node, i) => (node, i)).ToDictionary(pair => pair.node, pair => pair.i);
        return Make([.. x.ModeSizes], index => Row(nodes.Count - 1, index)[0]);

        double[] Row(int node, int[] index)
        {
            var rank = x.Ranks[node];
            var core = x.Core(node).Span;
            var row = new double[rank];
            if (nodes[node].IsLeaf)
            {
                for (var c = 0; c < rank; c++) row[c] = double.CreateTruncating(core[index[nodes[node].Modes[0]] * rank + c]);
                return row;
            }

            var (left, right) = (Row(places[nodes[node].Left!], index), Row(places[nodes[node].Right!], index));
            for (var a = 0; a < left.Length; a++)
            {
                for (var b = 0; b < right.Length; b++)
                {
                    for (var c = 0; c < rank; c++) row[c] += double.CreateTruncating(core[(a * right.Length + b) * rank + c]) * left[a] * right[b];
                }
            }

            return row;
        }
    }

    public static double[] Entries<T>(TensorTrain<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Make([.. x.ModeSizes], index =>
    {
        double[] row = [1];
        for (var k = 0; k < x.Order; k++)
        {
            var core = x.Core(k).Span;
            var next = new double[x.Ranks[k + 1]];
            for (var a = 0; a < row.Length; a++)
            {
                for (var b = 0; b < next.Length; b++) next[b] += row[a] * double.CreateTruncating(core[(a * x.ModeSizes[k] + index[k]) * next.Length + b]);
            }

            row = next;
        }

        return row[0];
    });

    public static double[] Entries<T>(Tucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] ranks = [.. x.Ranks];
        double[] core = [.. x.Core.ToArray().Select(double.CreateTruncating)];
        return Make([.. x.ModeSizes], index =>
        {
            var at = 0;
            return Make(ranks, rank => Enumerable.Range(0, ranks.Length).Aggregate(core[at++], (product, k) => product * double.CreateTruncating(x.Factor(k).Span[index[k] * ranks[k] + rank[k]]))).Sum();
        });
    }

    public static double Norm(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values) largest = Math.Max(largest, Math.Abs(value));
        if (largest == 0) return 0;
        var sum = 0.0;
        foreach (var value in values) sum += value / largest * (value / largest);
        return largest * Math.Sqrt(sum);
    }

    public static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var difference = new double[x.Length];
        for (var i = 0; i < x.Length; i++) difference[i] = x[i] - y[i];
        return Norm(difference);
    }
}
