using FsCheck.Xunit;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Decomposition;

public sealed class HsvdTests
{
    private static readonly double[] Tolerances = [1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12];

    /// <summary>Ranks and counts as other libraries find them for these functions.</summary>
    [Theory]
    [InlineData(1e-4, 4, 4, 304)]
    [InlineData(1e-8, 7, 8, 1128)]
    public void Reciprocals_of_sums_have_the_ranks_that_others_find(double tolerance, int leaf, int inner, int stored)
    {
        var (tucker, report) = Hsvd.Decompose<double>(TensorOracle.Reciprocals([10, 10, 10, 10]), [10, 10, 10, 10], Truncation.Relative(tolerance));
        Assert.Equal([leaf, leaf, inner, leaf, leaf, inner, 1], tucker.Ranks);
        Assert.Equal(stored, tucker.StoredNumbers);
        Assert.True(report.RelativeErrorUpperBound <= tolerance);
    }

    [Fact]
    public void Sums_of_coordinates_and_sines_have_rank_2_at_every_tolerance()
    {
        foreach (var tolerance in Tolerances[1..])
        {
            var (sums, _) = Hsvd.Decompose<double>(TensorOracle.Sums([16, 16, 16, 16]), [16, 16, 16, 16], Truncation.Relative(tolerance));
            Assert.Equal([2, 2, 2, 2, 2, 2, 1], sums.Ranks);
            Assert.Equal(148, sums.StoredNumbers);
            var (sines, _) = Hsvd.Decompose<double>(TensorOracle.Sines([6, 7, 5, 6, 4]), [6, 7, 5, 6, 4], Truncation.Relative(tolerance));
            Assert.All(sines.Ranks.SkipLast(1), rank => Assert.Equal(2, rank));
        }
    }

    [Fact]
    public void Ones_on_the_superdiagonal_have_full_rank()
    {
        var values = TensorOracle.Make([5, 5, 5, 5], index => index.Distinct().Count() == 1 ? 1 : 0);
        var (tucker, _) = Hsvd.Decompose<double>(values, [5, 5, 5, 5], Truncation.Relative(1e-6));
        Assert.Equal([5, 5, 5, 5, 5, 5, 1], tucker.Ranks);
        Assert.Equal(375, tucker.StoredNumbers);
    }

    [Theory]
    [InlineData("balanced")]
    [InlineData("linear")]
    [InlineData("((3,(1,0)),2)")]
    public void A_tree_and_tensors_of_any_size_meet_every_tolerance(string tree)
    {
        foreach (int[] sizes in (int[][])[[4, 5, 6, 3], [1, 7, 1, 2], [18, 16, 15, 17]])
        {
            foreach (var values in (double[][])[TensorOracle.Reciprocals(sizes), TensorOracle.Noise(sizes, 3)])
            {
                var isLarge = sizes[0] == 18;
                if (isLarge && tree != "balanced" && values[0] != 0.25) continue;
                foreach (var tolerance in isLarge ? [1e-1, 1e-2, 1e-3, 1e-4, 4e-5, 1e-5, 1e-8, 1e-11] : Tolerances) Check(values, sizes, tree, tolerance);
            }
        }
    }

    /// <summary>What a sketch leaves is not orthogonal to what the stages drop.</summary>
    [Property(MaxTest = 60)]
    public void Bounds_hold_where_a_sketch_splits_the_tensor(int seed)
    {
        var random = new Random(seed);
        var (shift, power, slope) = (0.5 + random.NextDouble() * 6, 0.3 + 2 * random.NextDouble(), random.NextDouble());
        int[] sizes = [.. Enumerable.Range(0, 4).Select(_ => random.Next(16, 20))];
        var values = TensorOracle.Make(sizes, index => Math.Pow(shift + index[0] + slope * index[1] + index[2] + index[3] * slope, -power));
        Check(values, sizes, random.Next(2) == 0 ? "balanced" : "((0,1),(2,3))", Math.Pow(10, -0.5 - 7 * random.NextDouble()));
    }

    private static void Check(double[] values, int[] sizes, string tree, double tolerance)
    {
        var (tucker, report) = Hsvd.Decompose<double>(values, sizes, Truncation.Relative(tolerance), DimensionTree.Parse(tree, sizes.Length));
        var entries = DenseSlab.Of(tucker, [.. sizes.Select(size => new IndexRange(0, size))], ThreadTeam.Inline);
        var error = TensorOracle.Distance(values, entries);
        Assert.True(error <= tolerance * report.Norm, $"{tree} {string.Join('x', sizes)} {tolerance:E0}: {error / report.Norm}");
        Assert.InRange(error, report.ErrorLowerBound, report.ErrorUpperBound);
        Assert.Equal(TensorOracle.Norm(values), report.Norm, report.Norm * 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(16)]
    public void Orders_from_1_to_16(int order)
    {
        int[] sizes = [.. Enumerable.Repeat(order > 7 ? 2 : order == 7 ? 3 : 9, order)];
        var values = TensorOracle.Sines(sizes);
        var (tucker, report) = Hsvd.Decompose<double>(values, sizes, Truncation.Relative(1e-9));
        Assert.Equal(2 * order - 1, tucker.Ranks.Count);
        Assert.All(tucker.Ranks.SkipLast(1), rank => Assert.Equal(2, rank));
        var error = TensorOracle.Distance(values, DenseSlab.Of(tucker, [.. sizes.Select(size => new IndexRange(0, size))], ThreadTeam.Inline));
        Assert.InRange(error, report.ErrorLowerBound, report.ErrorUpperBound);
        Assert.True(error <= 1e-9 * report.Norm);
    }

    [Fact]
    public void Maximal_ranks_hold_and_the_report_says_what_they_cost()
    {
        int[] sizes = [6, 6, 6, 6];
        var values = TensorOracle.Noise(sizes, 5);
        var truncation = Truncation.Relative(1e-3).WithMaximalRank(4).WithMaximalRanks(new Dictionary<string, int> { ["0,1"] = 3, ["2"] = 2 });
        var (tucker, report) = Hsvd.Decompose<double>(values, sizes, truncation);
        Assert.Equal([4, 4, 3, 2, 4, 3, 1], tucker.Ranks);
        Assert.InRange(TensorOracle.Distance(values, TensorOracle.Entries(tucker)), report.ErrorLowerBound, report.ErrorUpperBound);
        Assert.True(report.RelativeErrorLowerBound > 0.1);
    }

    [Fact]
    public void Without_projecting_the_report_has_the_tensors_own_singular_values()
    {
        int[] sizes = [5, 4, 6, 3];
        var values = TensorOracle.Noise(sizes, 9);
        var options = new DecompositionOptions { Stages = StageInput.Unprojected };
        var (tucker, report) = Hsvd.Decompose<double>(values, sizes, Truncation.Relative(0.3), null, options);
        var error = TensorOracle.Distance(values, TensorOracle.Entries(tucker));
        Assert.InRange(error, report.ErrorLowerBound, report.ErrorUpperBound);
        Assert.True(error <= 0.3 * report.Norm);
        foreach (var node in report.Nodes) Assert.Equal(report.Norm, TensorOracle.Norm([.. node.Kept, .. node.Dropped]), 1e-12 * report.Norm);
        var (whole, exact) = Hsvd.Decompose<double>(values, sizes, Truncation.Exact, null, options);
        Assert.True(TensorOracle.Distance(values, TensorOracle.Entries(whole)) <= exact.ErrorUpperBound);
    }

    /// <summary>The root's children are found apart, one from the values of an SVD, the other from those of a Gram matrix, which are off by more.</summary>
    [Fact]
    public void Without_projecting_the_bounds_hold_for_both_children_of_the_root()
    {
        int[] sizes = [6, 5];
        var values = TensorOracle.Make(sizes, index => Math.Pow(index.Sum() / 3.0, 3) - index.Sum() + 2);
        var options = new DecompositionOptions { Stages = StageInput.Unprojected };
        foreach (var truncation in new[] { 1e-1, 1e-3, 1e-4, 1e-5, 1e-6, 1e-9, 1e-12 }.Select(Truncation.Relative).Append(Truncation.Exact.WithMaximalRanks(new Dictionary<string, int> { ["0"] = 3, ["1"] = 2 })))
        {
            var (tucker, report) = Hsvd.Decompose<double>(values, sizes, truncation, null, options);
            Assert.InRange(TensorOracle.Distance(values, TensorOracle.Entries(tucker)), report.ErrorLowerBound, report.ErrorUpperBound);
        }
    }

    [Fact]
    public void A_sketch_of_each_node_comes_near_the_best_of_its_rank()
    {
        int[] sizes = [30, 28, 32];
        double[] values = [.. TensorOracle.Reciprocals(sizes).Zip(TensorOracle.Noise(sizes, 4), (value, noise) => value + 1e-3 * noise)];
        var options = new DecompositionOptions { Sketching = Sketching.EachNode, Seed = 7 };
        var (tucker, report) = Hsvd.Decompose<double>(values, sizes, Truncation.MaximalRank(3), null, options);
        var (_, best) = Hsvd.Decompose<double>(values, sizes, Truncation.MaximalRank(3), null, new DecompositionOptions { Sketching = Sketching.Never });
        Assert.Equal([3, 3, 3, 3, 1], tucker.Ranks);
        Assert.InRange(TensorOracle.Distance(values, TensorOracle.Entries(tucker)), report.ErrorLowerBound, report.ErrorUpperBound);
        Assert.True(report.ErrorUpperBound <= 1.2 * best.ErrorUpperBound);
        var (again, _) = Hsvd.Decompose<double>(values, sizes, Truncation.MaximalRank(3), null, options);
        for (var node = 0; node < 5; node++) Assert.Equal(tucker.Core(node).ToArray(), again.Core(node).ToArray());
    }

    [Fact]
    public void Zeros_have_rank_1_and_no_error()
    {
        var (tucker, report) = Hsvd.Decompose<double>(new double[60], [3, 4, 5], Truncation.Relative(1e-3));
        Assert.All(tucker.Ranks, rank => Assert.Equal(1, rank));
        Assert.All(TensorOracle.Entries(tucker), entry => Assert.Equal(0, entry));
        Assert.Equal((0, 0), (report.ErrorUpperBound, report.RelativeErrorUpperBound));
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    [InlineData(1e-160)]
    public void Numbers_whose_squares_leave_the_range(double scale)
    {
        int[] sizes = [6, 5, 4];
        double[] values = [.. TensorOracle.Reciprocals(sizes).Select(value => value * scale)];
        foreach (var truncation in (Truncation[])[Truncation.Relative(1e-5), Truncation.Absolute(1e-5 * scale)])
        {
            var (tucker, report) = Hsvd.Decompose<double>(values, sizes, truncation);
            var error = TensorOracle.Distance(values, TensorOracle.Entries(tucker));
            Assert.InRange(error, report.ErrorLowerBound, report.ErrorUpperBound);
            Assert.True(error <= 1e-5 * Math.Max(report.Norm, scale));
            Assert.True(tucker.Ranks[0] < 6);
        }
    }

    [Fact]
    public void The_result_has_the_same_bits_on_any_number_of_threads()
    {
        foreach (int[] sizes in (int[][])[[20, 18, 16, 20], [7, 6, 5]])
        {
            var values = TensorOracle.Reciprocals(sizes);
            foreach (var tolerance in (double[])[1e-2, 1e-9])
            {
                var (alone, _) = Hsvd.Decompose<double>(values, sizes, Truncation.Relative(tolerance));
                using var team = new ThreadTeam(3);
                var (together, _) = Hsvd.Decompose<double>(values, sizes, Truncation.Relative(tolerance), null, new DecompositionOptions { Team = team });
                for (var node = 0; node < alone.Ranks.Count; node++) Assert.Equal(alone.Core(node).ToArray(), together.Core(node).ToArray());
            }
        }
    }

    [Fact]
    public void A_split_by_a_sketch_finds_the_ranks_of_the_whole()
    {
        int[] sizes = [18, 17, 16, 20];
        var values = TensorOracle.Reciprocals(sizes);
        foreach (var tolerance in (double[])[1e-2, 1e-5, 1e-9, 1e-12])
        {
            var (split, report) = Hsvd.Decompose<double>(values, sizes, Truncation.Relative(tolerance));
            var (whole, _) = Hsvd.Decompose<double>(values, sizes, Truncation.Relative(tolerance), null, new DecompositionOptions { Sketching = Sketching.Never });
            Assert.True(split.StoredNumbers <= whole.StoredNumbers * 1.2, $"{tolerance}: {string.Join(' ', split.Ranks)} against {string.Join(' ', whole.Ranks)}");
            Assert.True(report.RelativeErrorUpperBound <= tolerance);
        }
    }

    [Fact]
    public void What_is_no_tensor_is_refused()
    {
        Refused("tensor, element 2: expected a finite number, found NaN", [1, 2, double.NaN, 4], [2, 2]);
        Refused("tensor, element 0: expected a finite number, found -Infinity", [double.NegativeInfinity, 2, 3, 4], [2, 2]);
        Refused("tensor [2, 3]: expected 6 values, found 4", [1, 2, 3, 4], [2, 3]);
        Refused("expected mode sizes of at least 1, found 0", [], [2, 0]);
        Refused("expected a product of mode sizes within 63 bits", [1], [int.MaxValue, int.MaxValue, int.MaxValue]);
        Refused("expected one mode or more, found none", [1], []);
        Refused("expected the 2 modes of the tensor [2, 2], found 3", [1, 2, 3, 4], [2, 2], DimensionTree.Balanced(3));

        static void Refused(string message, double[] values, int[] sizes, DimensionTree? tree = null) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => Hsvd.Decompose<double>(values, sizes, Truncation.Exact, tree)).Message, StringComparison.Ordinal);
    }
}
