using FsCheck.Xunit;
using HTensor.Core;
using HTensor.Kernels;

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
