using System.Numerics;
using FsCheck.Xunit;
using HTensor.Core;

namespace HTensor.Tests.Core.Decomposition;

/// <summary>Every tolerance holds and every bound, for random and structured tensors of any shape, in every format.</summary>
public sealed class ToleranceTests
{
    [Property(MaxTest = 400)]
    public void Hundreds_of_cases_keep_tolerance_and_bounds(int seed) => Check(seed);

    /// <summary>Some minutes.</summary>
    [Property(MaxTest = 10_000, Explicit = true)]
    public void Ten_thousand_cases_keep_tolerance_and_bounds(int seed) => Check(seed);

    private static void Check(int seed)
    {
        var random = new Random(seed);
        int[] sizes = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(1, 8))];
        while (sizes.Aggregate(1, (product, size) => product * size) > 2500) sizes = sizes[1..];
        var values = Values(random, sizes);
        if (random.Next(2) == 0) Check<double>(values, sizes, Math.Pow(10, -1 - 11 * random.NextDouble()), random, seed);
        else Check<float>([.. values.Select(value => (double)(float)value)], sizes, Math.Pow(10, -1 - 4 * random.NextDouble()), random, seed);
    }

    private static void Check<T>(double[] values, int[] sizes, double tolerance, Random random, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] given = [.. values.Select(T.CreateTruncating)];
        var options = new DecompositionOptions { Stages = random.Next(4) == 0 ? StageInput.Unprojected : StageInput.Projected };
        var truncation = Truncation.Relative(tolerance);
        var (entries, report) = random.Next(4) switch
        {
            0 => Train(TensorTrainSvd.Decompose<T>(given, sizes, truncation)),
            1 => Core(SequentialHosvd.Decompose<T>(given, sizes, truncation)),
            _ => Tree(Hsvd.Decompose<T>(given, sizes, truncation, Shape(random, sizes.Length), options)),
        };
        var (error, norm) = (TensorOracle.Distance(values, entries), TensorOracle.Norm(values));
        var what = $"seed {seed}, {typeof(T).Name} {string.Join('x', sizes)}, tolerance {tolerance:E2}, error {error / norm:E3}, bounds {report.RelativeErrorLowerBound:E3} {report.RelativeErrorUpperBound:E3}";
        Assert.True(error <= tolerance * norm, what);
        Assert.True(error >= report.ErrorLowerBound && error <= report.ErrorUpperBound, what);
        Assert.All(report.Ranks, rank => Assert.True(rank >= 1, what));

        static (double[] Entries, TruncationReport Report) Train((TensorTrain<T> Train, TruncationReport Report) made) => (TensorOracle.Entries(made.Train), made.Report);
        static (double[] Entries, TruncationReport Report) Core((Tucker<T> Tucker, TruncationReport Report) made) => (TensorOracle.Entries(made.Tucker), made.Report);
        static (double[] Entries, TruncationReport Report) Tree((HierarchicalTucker<T> Tucker, TruncationReport Report) made) => (TensorOracle.Entries(made.Tucker), made.Report);
    }

    private static DimensionTree Shape(Random random, int order)
    {
        int[] modes = [.. Enumerable.Range(0, order)];
        if (random.Next(3) == 0) random.Shuffle(modes);
        return Build(modes);

        DimensionTree Build(ReadOnlySpan<int> held)
        {
            if (held.Length == 1) return DimensionTree.Leaf(held[0]);
            var cut = random.Next(1, held.Length);
            return DimensionTree.Node(Build(held[..cut]), Build(held[cut..]));
        }
    }

    private static double[] Values(Random random, int[] sizes)
    {
        var noise = Math.Pow(10, -14 * random.NextDouble());
        var scale = Math.Pow(10, random.Next(-20, 20));
        var structured = random.Next(6) switch
        {
            0 => TensorOracle.Noise(sizes, random.Next()),
            1 => TensorOracle.Reciprocals(sizes),
            2 => TensorOracle.Sines(sizes),
            3 => TensorOracle.Sums(sizes),
            4 => TensorOracle.Make(sizes, index => index.Distinct().Count() == 1 ? Math.Pow(10, -index[0]) : 0),
            _ => TensorOracle.Make(sizes, index => Math.Exp(-index.Sum(i => (double)i * i))),
        };
        var added = TensorOracle.Noise(sizes, random.Next());
        return [.. structured.Select((value, i) => scale * (value + (random.Next(2) == 0 ? noise * added[i] : 0)))];
    }
}
