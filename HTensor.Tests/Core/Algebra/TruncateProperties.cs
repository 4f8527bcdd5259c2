using System.Numerics;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Algebra;

/// <summary>Truncation of random tensors beside their dense entries: bounds, tolerances, ranks.</summary>
internal static class TruncateProperties<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static double Roundoff => typeof(T) == typeof(float) ? 1.0 / (1 << 24) : 1.0 / (1L << 53);

    /// <summary>Errors are in proportion to norms of columns; sums of magnitudes, entry by entry, may be far below those: one seed in some thousands needs more than 1,000 roundoffs.</summary>
    private static double Rounding => 8_000 * Roundoff;

    public static void HierarchicalTuckers(uint seed)
    {
        var random = new Philox(seed);
        var x = Decaying(random, out var sizes);
        var truncation = Any(random);
        var (y, report) = random.NextInt32(2) == 0 ? HierarchicalTucker.Truncate(x, truncation) : HierarchicalTucker.TruncateSum([x], truncation);
        Check(HtForm<T>.Expected(x, v => v), HtForm<T>.Expected(y, v => v), HtForm<T>.Expected(x, Math.Abs), truncation, report);
        Assert.Equal([.. y.Ranks.SkipLast(1)], report.Ranks);
        var (again, _) = HierarchicalTucker.Truncate(y, Truncation.MaximalRank(int.Max(1, report.Ranks.DefaultIfEmpty(1).Max())));
        Near(HtForm<T>.Expected(y, v => v), HtForm<T>.Expected(again, v => v), HtForm<T>.Expected(y, Math.Abs));
        Assert.Equal(sizes, y.ModeSizes);
    }

    public static void Trains(uint seed)
    {
        var random = new Philox(seed);
        var x = TensorTrain.FromHierarchicalTucker(Decaying(random, out _));
        var truncation = Any(random);
        var (y, report) = TensorTrain.Truncate(x, truncation);
        Check(TtForm<T>.Expected(x, v => v), TtForm<T>.Expected(y, v => v), TtForm<T>.Expected(x, Math.Abs), truncation, report);
        Assert.Equal([.. y.Ranks.Skip(1).SkipLast(1)], report.Ranks);
    }

    /// <summary>Sums, products and operators truncated as rules are those that are built, exactly.</summary>
    public static void Rules(uint seed)
    {
        var random = new Philox(seed);
        int[] sizes = [.. Enumerable.Range(0, 1 + random.NextInt32(4)).Select(_ => 1 + random.NextInt32(4))];
        var x = HtForm<T>.Random(sizes, random);
        HierarchicalTucker<T> y = HtForm<T>.Like(x, sizes, random), z = HtForm<T>.Like(x, sizes, random);
        Same(HierarchicalTucker.Sum(x, y, z), HierarchicalTucker.TruncateSum([x, y, z], Truncation.Exact));
        // Sums that were built: their blocks are found again.
        Same(HierarchicalTucker.Sum(x, y, z), HierarchicalTucker.Truncate(HierarchicalTucker.Sum(x, y, z), Truncation.Exact));
        Same(HierarchicalTucker.Sum(z, x, y), HierarchicalTucker.TruncateSum([z, HierarchicalTucker.Add(x, y)], Truncation.Exact));
        Same(HierarchicalTucker.Multiply(x, y), HierarchicalTucker.Multiply(x, y, Truncation.Exact));
        int[] rows = [.. sizes.Select(_ => 1 + random.NextInt32(3))], columns = [.. sizes.Select(_ => 1 + random.NextInt32(3))];
        var a = new HierarchicalTuckerOperator<T>(rows, sizes, HtForm<T>.Like(x, [.. rows.Zip(sizes, (m, n) => m * n)], random));
        var b = new HierarchicalTuckerOperator<T>(sizes, columns, HtForm<T>.Like(x, [.. sizes.Zip(columns, (m, n) => m * n)], random));
        Same(HierarchicalTucker.Apply(a, x), HierarchicalTucker.Apply(a, x, Truncation.Exact));
        Same(HierarchicalTucker.Compose(a, b).Tensor, HierarchicalTucker.Compose(a, b, Truncation.Exact) is var (map, report) ? (map.Tensor, report) : default);
        Near(Applied(a, HtForm<T>.Expected(x, v => v), v => v), HtForm<T>.Expected(HierarchicalTucker.Apply(a, x), v => v), Applied(a, HtForm<T>.Expected(x, Math.Abs), Math.Abs));
        var w = HtForm<T>.Like(x, columns, random);
        Near(HtForm<T>.Expected(HierarchicalTucker.Apply(a, HierarchicalTucker.Apply(b, w)), v => v), HtForm<T>.Expected(HierarchicalTucker.Apply(HierarchicalTucker.Compose(a, b), w), v => v),
            HtForm<T>.Expected(HierarchicalTucker.Apply(a, HierarchicalTucker.Apply(b, w)), Math.Abs));
        var difference = HierarchicalTucker.NormOfDifference(x, y);
        Assert.Equal(HtForm<T>.Expected(HierarchicalTucker.Subtract(x, y), v => v).Norm, difference, Rounding * HtForm<T>.Expected(HierarchicalTucker.Add(x, y), Math.Abs).Norm);

        void Same(HierarchicalTucker<T> built, (HierarchicalTucker<T> Tensor, TruncationReport Report) rule)
        {
            Near(HtForm<T>.Expected(built, v => v), HtForm<T>.Expected(rule.Tensor, v => v), HtForm<T>.Expected(built, Math.Abs));
            Assert.True(rule.Report.ErrorUpperBound <= Rounding * HtForm<T>.Expected(built, Math.Abs).Norm);
        }
    }

    /// <summary>Y[i] = sum_j A[(i, j)] X[j], entry by entry.</summary>
    private static DenseTensor Applied(HierarchicalTuckerOperator<T> map, DenseTensor x, Func<double, double> number)
    {
        var entries = HtForm<T>.Expected(map.Tensor, number);
        return DenseTensor.From([.. map.Rows], i => x.Values.Select((value, at) =>
        {
            var j = DenseTensor.Index(at, x.Sizes);
            return value * entries[[.. i.Select((row, k) => row * map.Columns[k] + j[k])]];
        }).Sum());
    }

    /// <summary>A random tensor; in half of the cases its ranks decay by a factor a column.</summary>
    private static HierarchicalTucker<T> Decaying(Philox random, out int[] sizes)
    {
        sizes = [.. Enumerable.Range(0, 1 + random.NextInt32(5)).Select(_ => 1 + random.NextInt32(5))];
        var x = HtForm<T>.OnTree(HtForm<T>.RandomTree(sizes.Length, random), sizes, random, 6);
        if (random.NextInt32(2) == 0) return x;
        var factor = Math.Exp(-3 * random.NextUniform());
        var cores = new T[x.Ranks.Count][];
        for (var node = 0; node < cores.Length; node++)
        {
            cores[node] = x.Core(node).ToArray();
            for (var i = 0; i < cores[node].Length; i++) cores[node][i] *= T.CreateTruncating(Math.Pow(factor, i % x.Ranks[node]));
        }

        return new HierarchicalTucker<T>(x.Tree, sizes, x.Ranks, cores);
    }

    private static Truncation Any(Philox random)
    {
        var least = typeof(T) == typeof(float) ? 5 : 12;
        var tolerance = Math.Pow(10, -1 - (least - 1) * random.NextUniform());
        return random.NextInt32(4) switch
        {
            0 => Truncation.MaximalRank(1 + random.NextInt32(3)),
            1 => Truncation.Relative(tolerance).WithMaximalRank(1 + random.NextInt32(4)),
            _ => Truncation.Relative(tolerance),
        };
    }

    private static void Check(DenseTensor x, DenseTensor y, DenseTensor magnitude, Truncation truncation, TruncationReport report)
    {
        var error = new DenseTensor(x.Sizes, [.. x.Values.Zip(y.Values, (a, b) => a - b)]).Norm;
        // What the entries themselves are rounded by is the oracle's, not the bounds'.
        var rounding = 4 * Roundoff * magnitude.Norm;
        Assert.True(report.ErrorLowerBound <= error + rounding && error <= report.ErrorUpperBound + rounding,
            $"{truncation}: expected {report.ErrorLowerBound:R} <= {error:R} <= {report.ErrorUpperBound:R}, norm {report.Norm:R}");
        Assert.Equal(x.Norm, report.Norm, 100 * Roundoff * magnitude.Norm);
        if (truncation.Kind == ToleranceKind.Relative && truncation.LargestRank == int.MaxValue)
            Assert.True(error <= truncation.Tolerance * x.Norm + rounding, $"{truncation}: error {error / x.Norm:R}");
    }

    private static void Near(DenseTensor expected, DenseTensor found, DenseTensor magnitude)
    {
        var tolerance = Rounding * magnitude.Norm;
        for (var i = 0; i < expected.Values.Length; i++) Assert.Equal(expected.Values[i], found.Values[i], tolerance);
    }
}
