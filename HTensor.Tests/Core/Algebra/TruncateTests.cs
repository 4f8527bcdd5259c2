using FsCheck.Xunit;
using HTensor.Core;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Core.Algebra;

public sealed class TruncateTests
{
    [Property(MaxTest = 300)]
    public void The_error_of_a_hierarchical_Tucker_tensor_lies_between_its_bounds(uint seed)
    {
        TruncateProperties<double>.HierarchicalTuckers(seed);
        TruncateProperties<float>.HierarchicalTuckers(seed);
    }

    [Property(MaxTest = 200)]
    public void The_error_of_a_train_lies_between_its_bounds(uint seed)
    {
        TruncateProperties<double>.Trains(seed);
        TruncateProperties<float>.Trains(seed);
    }

    [Property(MaxTest = 100)]
    public void Sums_products_and_operators_are_truncated_without_being_built(uint seed)
    {
        TruncateProperties<double>.Rules(seed);
        TruncateProperties<float>.Rules(seed);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1e-5, 1e-5)]
    [InlineData(1e-9, 1e-9)]
    [InlineData(0, 1e-12)]
    public void Columns_well_apart_whose_weight_is_small_are_dropped_within_the_bounds(double weight, double most)
    {
        // Cores say nothing of the weight, so frames come from products; the error is the rounding that the bounds own up to.
        int[] sizes = [14, 14, 14, 14];
        var (tree, random) = (DimensionTree.Balanced(4), new Philox(5));
        HierarchicalTucker<double> x = Normal(), y = Normal();
        var sum = HierarchicalTucker.Add(x, HierarchicalTucker.Scale(y, weight));
        foreach (var truncation in new[] { Truncation.MaximalRank(6), Truncation.Relative(double.Max(1e-8, 10 * weight)) })
        {
            var (z, report) = HierarchicalTucker.Truncate(sum, truncation);
            double[] expected = HtForm<double>.Expected(sum, v => v).Values, found = HtForm<double>.Expected(z, v => v).Values;
            var error = new DenseTensor(sizes, [.. expected.Zip(found, (a, b) => a - b)]).Norm;
            Assert.InRange(error, report.ErrorLowerBound, report.ErrorUpperBound + 1e-14 * report.Norm);
            Assert.True(report.ErrorUpperBound <= 4 * most * report.Norm, $"{truncation}: expected at most {4 * most}, found {report.ErrorUpperBound / report.Norm}");
            if (truncation.Kind == ToleranceKind.Exact) Assert.Equal(6, z.Ranks.Max());
        }

        HierarchicalTucker<double> Normal()
        {
            var ranks = tree.Nodes().Select(node => node == tree ? 1 : 6).ToArray();
            var cores = tree.Nodes().Select(node => new double[node.IsLeaf ? 14 * 6 : node == tree ? 36 : 216]).ToArray();
            foreach (var core in cores) random.FillNormal(core, 0.4);
            return new HierarchicalTucker<double>(tree, sizes, ranks, cores);
        }
    }

    [Property(MaxTest = 100)]
    public void Orthogonal_frames_are_orthonormal_and_the_tensor_stays(uint seed)
    {
        var random = new Philox(seed);
        int[] sizes = [.. Enumerable.Range(0, 1 + random.NextInt32(5)).Select(_ => 1 + random.NextInt32(4))];
        var x = HtForm<double>.Random(sizes, random);
        var y = HierarchicalTucker.Orthogonalize(x);
        for (var node = 0; node < y.Ranks.Count - 1; node++)
        {
            var core = y.Core(node).ToArray();
            var c = y.Ranks[node];
            for (var i = 0; i < c * c; i++)
                Assert.Equal(i / c == i % c ? 1 : 0, Enumerable.Range(0, core.Length / c).Sum(row => core[row * c + i / c] * core[row * c + i % c]), 1e-13);
        }

        var (expected, magnitude) = (HtForm<double>.Expected(x, v => v), HtForm<double>.Expected(x, Math.Abs));
        Assert.All(expected.Values.Zip(HtForm<double>.Expected(y, v => v).Values), pair => Assert.Equal(pair.First, pair.Second, 1e-14 * magnitude.Norm));
        Assert.Equal(expected.Norm, HierarchicalTucker.Norm(x), 1e-14 * magnitude.Norm);
    }
}
