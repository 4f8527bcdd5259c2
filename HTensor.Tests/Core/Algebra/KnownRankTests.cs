using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Algebra;

/// <summary>Functions whose ranks are known, at orders from 1 to 400, and sums that cancel.</summary>
public sealed class KnownRankTests
{
    public static TheoryData<int, int, string> Shapes => new()
    {
        { 1, 9, "balanced" }, { 2, 9, "balanced" }, { 3, 8, "balanced" }, { 3, 8, "linear" }, { 5, 6, "balanced" }, { 5, 6, "(((0,3),1),(4,2))" }, { 7, 4, "balanced" },
        { 16, 4, "linear" }, { 64, 3, "balanced" }, { 64, 3, "linear" }, { 400, 3, "balanced" }, { 400, 2, "linear" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Twice_a_tensor_has_its_ranks_and_a_difference_of_equals_has_rank_1(int order, int size, string tree)
    {
        var x = HierarchicalTucker.Truncate(HierarchicalTucker.FromTensorTrain(SumFunctions.Sine(order, size, 0.3), DimensionTree.Parse(tree, order)), Truncation.Exact).Tensor;
        Assert.All(x.Ranks.SkipLast(1), rank => Assert.Equal(2, rank));
        foreach (var tolerance in new[] { 1e-2, 1e-6, 1e-10, 1e-12 })
        {
            var (twice, report) = HierarchicalTucker.Truncate(HierarchicalTucker.Add(x, x), Truncation.Relative(tolerance));
            Assert.Equal(x.Ranks, twice.Ranks);
            Assert.True(HierarchicalTucker.NormOfDifference(twice, HierarchicalTucker.Scale(x, 2)) <= report.ErrorUpperBound + 1e-13 * report.Norm);
            var (nothing, of) = HierarchicalTucker.Truncate(HierarchicalTucker.Subtract(x, x), Truncation.Relative(tolerance));
            Assert.All(nothing.Ranks, rank => Assert.Equal(1, rank));
            Assert.True(HierarchicalTucker.Norm(nothing) < 1e-12 * HierarchicalTucker.Norm(x), $"{HierarchicalTucker.Norm(nothing)} of {HierarchicalTucker.Norm(x)}");
            Assert.True(of.ErrorLowerBound <= of.ErrorUpperBound);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_squares_of_sine_and_cosine_make_the_constant_1(int order, int size, string tree)
    {
        var onTree = DimensionTree.Parse(tree, order);
        HierarchicalTucker<double> sine = HierarchicalTucker.FromTensorTrain(SumFunctions.Sine(order, size, 0.7), onTree), cosine = HierarchicalTucker.FromTensorTrain(SumFunctions.Cosine(order, size, 0.7), onTree);
        var built = HierarchicalTucker.Add(HierarchicalTucker.Square(sine), HierarchicalTucker.Square(cosine));
        foreach (var tolerance in new[] { 1e-3, 1e-8, 1e-11 })
        {
            var (one, _) = HierarchicalTucker.Truncate(built, Truncation.Relative(tolerance));
            Assert.All(one.Ranks, rank => Assert.Equal(1, rank));
            foreach (var at in new[] { 0, size - 1 }) Assert.Equal(1, HierarchicalTucker.Entry(one, [.. Enumerable.Repeat(at, order)]), 1e-10 * Math.Sqrt(order));
        }

        var direct = HierarchicalTucker.Multiply(sine, sine, Truncation.Relative(1e-10)).Tensor;
        Assert.All(direct.Ranks.SkipLast(1), rank => Assert.InRange(rank, 1, 3));
        Assert.Equal(HierarchicalTucker.ScaledNorm(HierarchicalTucker.Square(sine)).Log, HierarchicalTucker.ScaledNorm(direct).Log, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Trains_too(int order, int size, string tree)
    {
        TensorTrain<double> sine = SumFunctions.Sine(order, size, 0.7), cosine = SumFunctions.Cosine(order, size, 0.7), sum = SumFunctions.Coordinates(order, size, 1.0 / order);
        Assert.Equal(tree, tree.Trim());
        Assert.Equal(sine.Ranks, TensorTrain.Truncate(TensorTrain.Add(sine, sine), Truncation.Relative(1e-11)).Tensor.Ranks);
        Assert.All(TensorTrain.Truncate(TensorTrain.Subtract(sum, sum), Truncation.Relative(1e-3)).Tensor.Ranks, rank => Assert.Equal(1, rank));
        var (one, report) = TensorTrain.TruncateSum([TensorTrain.Square(sine), TensorTrain.Square(cosine)], Truncation.Relative(1e-9));
        Assert.All(one.Ranks, rank => Assert.Equal(1, rank));
        Assert.Equal(1, TensorTrain.Entry(one, [.. Enumerable.Repeat(size - 1, order)]), 1e-9);
        Assert.Equal(order - 1, report.Nodes.Count);
        Assert.Equal(order / 2.0 * Math.Log(size), TensorTrain.ScaledNorm(one).Log, 1e-8);
    }

    /// <summary>3^400 and its square are beyond a double, and so is the norm of entries of 1e-200.</summary>
    [Fact]
    public void Norms_of_order_400_neither_overflow_nor_underflow()
    {
        foreach (var entry in new[] { 1e3, 1e-3, 1.0 })
        {
            const int order = 400;
            var x = HierarchicalTucker.FromCanonicalPolyadic(new CanonicalPolyadic<double>([.. Enumerable.Repeat(9, order)], [1.0], [.. Enumerable.Range(0, order).Select(_ => Enumerable.Repeat(entry, 9).ToArray())]));
            var expected = order * (Math.Log(entry) + Math.Log(9) / 2);
            Assert.Equal(expected, HierarchicalTucker.ScaledNorm(x).Log, 1e-9);
            Assert.Equal(2 * expected, HierarchicalTucker.ScaledInner(x, x).Log, 1e-9);
            Assert.Equal(expected + Math.Log(2), HierarchicalTucker.ScaledNormOfDifference(x, HierarchicalTucker.Scale(x, -1)).Log, 1e-9);
            var (truncated, report) = HierarchicalTucker.Truncate(HierarchicalTucker.Add(x, x), Truncation.Relative(1e-10));
            Assert.All(truncated.Ranks, rank => Assert.Equal(1, rank));
            Assert.Equal(expected + Math.Log(2), HierarchicalTucker.ScaledNorm(truncated).Log, 1e-9);
            Assert.Equal(expected + Math.Log(2), Math.Log(report.Norm) + report.ScaleExponent * Math.Log(2), 1e-9);
            Assert.True(report.RelativeErrorUpperBound < 1e-11);
        }
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    public void Huge_and_tiny_tensors_are_truncated_as_others_are(double scale)
    {
        var x = HierarchicalTucker.Scale(HtForm<double>.OnTree(DimensionTree.Balanced(4), [3, 4, 5, 3], new Philox(3), 4), scale);
        var y = HtForm<double>.OnTree(DimensionTree.Balanced(4), [3, 4, 5, 3], new Philox(3), 4);
        Assert.Equal(Math.Log(scale) + Math.Log(HierarchicalTucker.Norm(y)), HierarchicalTucker.ScaledNorm(x).Log, 1e-12);
        Assert.Equal(2 * HierarchicalTucker.ScaledNorm(x).Log, HierarchicalTucker.ScaledInner(x, x).Log, 1e-9);
        var (of, report) = HierarchicalTucker.Truncate(HierarchicalTucker.Add(x, x), Truncation.Relative(1e-10));
        Assert.Equal(HierarchicalTucker.Truncate(y, Truncation.Exact).Tensor.Ranks, of.Ranks);
        Assert.True(report.ErrorUpperBound <= 1e-10 * report.Norm);
    }

    /// <summary>Cancellation is seen where squares of the cores' numbers are beyond the range, and where both factors of a product are at its ends.</summary>
    [Theory]
    [InlineData(1e300)]
    [InlineData(1e200)]
    [InlineData(1e-200)]
    [InlineData(1e-300)]
    public void A_difference_of_equals_has_rank_1_at_any_scale(double scale)
    {
        var x = HierarchicalTucker.Scale(HtForm<double>.OnTree(DimensionTree.Balanced(5), [4, 3, 3, 3, 4], new Philox(1)), scale);
        Nothing(x);
        var single = (float)Math.Pow(scale, 0.1);
        Nothing(HierarchicalTucker.Scale(HtForm<float>.OnTree(DimensionTree.Balanced(5), [4, 3, 3, 3, 4], new Philox(1)), single));
        var y = HierarchicalTucker.Scale(HtForm<double>.OnTree(x.Tree, [4, 3, 3, 3, 4], new Philox(2)), 1 / scale);
        Nothing(HierarchicalTucker.Multiply(x, y));
        var difference = HierarchicalTucker.Multiply(HierarchicalTucker.Subtract(x, x), y, Truncation.Relative(1e-3)).Tensor;
        Assert.All(difference.Ranks, rank => Assert.Equal(1, rank));

        static void Nothing<T>(HierarchicalTucker<T> of)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            var nothing = HierarchicalTucker.Truncate(HierarchicalTucker.Subtract(of, of), Truncation.Relative(1e-4)).Tensor;
            Assert.All(nothing.Ranks, rank => Assert.Equal(1, rank));
            Assert.True(HierarchicalTucker.ScaledNorm(nothing).Log < HierarchicalTucker.ScaledNorm(of).Log - (typeof(T) == typeof(float) ? 6 : 20));
        }
    }

    [Fact]
    public void A_tensor_of_zeros_has_rank_1_and_no_error()
    {
        var x = HierarchicalTucker.Scale(HtForm<double>.OnTree(DimensionTree.Balanced(5), [3, 1, 4, 2, 3], new Philox(3), 5), 0);
        var (zero, report) = HierarchicalTucker.Truncate(x, Truncation.Relative(1e-3));
        Assert.All(zero.Ranks, rank => Assert.Equal(1, rank));
        Assert.Equal((0.0, 0.0, 0.0), (report.Norm, report.ErrorLowerBound, report.ErrorUpperBound));
        Assert.All(HierarchicalTucker.ToArray(zero), entry => Assert.Equal(0, entry));
    }

    [Fact]
    public void What_is_not_finite_is_refused()
    {
        var x = HtForm<double>.OnTree(DimensionTree.Balanced(3), [3, 4, 2], new Philox(3));
        Assert.Contains("expected finite entries", Assert.Throws<ArgumentException>(() => HierarchicalTucker.Truncate(HierarchicalTucker.Scale(x, double.NaN), Truncation.Exact)).Message, StringComparison.Ordinal);
        Assert.Contains("expected finite entries", Assert.Throws<ArgumentException>(() => HierarchicalTucker.Norm(HierarchicalTucker.Scale(x, double.PositiveInfinity))).Message, StringComparison.Ordinal);
    }
}
