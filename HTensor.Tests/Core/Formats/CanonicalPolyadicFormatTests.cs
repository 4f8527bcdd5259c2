using HTensor.Core;

namespace HTensor.Tests.Core.Formats;

public sealed class CanonicalPolyadicFormatTests
{
    [Fact]
    public void Has_a_factor_for_each_mode()
    {
        var network = new CanonicalPolyadicFormat(3).Describe(new MatrixModes([4, 5, 6], [2, 3]));
        Assert.Equal(3 * (4 + 5 + 6 + 2 + 3), network.ParameterCount);
    }

    [Fact]
    public void Is_the_sum_of_outer_products()
    {
        var matrix = new RebuiltMatrix(new CanonicalPolyadicFormat(3).Describe(new MatrixModes([2, 4], [3, 2])), seed: 1);
        for (var n0 = 0; n0 < 2; n0++)
            for (var n1 = 0; n1 < 4; n1++)
                for (var m0 = 0; m0 < 3; m0++)
                    for (var m1 = 0; m1 < 2; m1++)
                    {
                        var expected = Enumerable.Range(0, 3).Sum(r =>
                            matrix.Core(0)[n0 * 3 + r] * matrix.Core(1)[n1 * 3 + r] * matrix.Core(2)[m0 * 3 + r] * matrix.Core(3)[m1 * 3 + r]);
                        Assert.Equal(expected, matrix.At(n0, n1, m0, m1), 1e-14);
                    }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    public void Refuses_ranks_that_it_cannot_use(int rank)
    {
        var refused = Assert.Throws<ArgumentException>(() => new CanonicalPolyadicFormat(rank).Describe(new MatrixModes([2, 4], [3, 2])));
        Assert.Equal($"canonical polyadic: expected a rank of 1 to 12, found {rank}", refused.Message);
    }
}
