using HTensor.Core;

namespace HTensor.Tests.Core.Formats;

public sealed class TuckerFormatTests
{
    [Fact]
    public void Has_a_factor_for_each_mode_and_a_core()
    {
        Assert.Equal(2 * (4 + 5 + 6 + 2 + 3) + 32, new TuckerFormat(2).Describe(new MatrixModes([4, 5, 6], [2, 3])).ParameterCount);
        Assert.Equal(4 * 3 + 5 * 2 + 6 * 1 + 3 * 2 + 12, new TuckerFormat(3, 2, 1, 2).Describe(new MatrixModes([4, 5, 6], [3])).ParameterCount);
    }

    [Fact]
    public void Is_the_core_times_every_factor()
    {
        int[] ranks = [2, 3, 2];
        var matrix = new RebuiltMatrix(new TuckerFormat(ranks).Describe(new MatrixModes([2, 4], [3])), seed: 2);
        var core = matrix.Core(3);
        for (var n0 = 0; n0 < 2; n0++)
            for (var n1 = 0; n1 < 4; n1++)
                for (var m0 = 0; m0 < 3; m0++)
                {
                    var expected = 0.0;
                    for (var at = 0; at < core.Length; at++)
                    {
                        var (p0, p1, q0) = (at / 6, at / 2 % 3, at % 2);
                        expected += core[at] * matrix.Core(0)[n0 * 2 + p0] * matrix.Core(1)[n1 * 3 + p1] * matrix.Core(2)[m0 * 2 + q0];
                    }

                    Assert.Equal(expected, matrix.At(n0, n1, m0), 1e-14);
                }
    }

    [Theory]
    [InlineData("Tucker, output mode 0: expected a rank of 1 to 3, found 4", 4)]
    [InlineData("Tucker, input mode 0: expected a rank of 1 to 2, found 0", 0)]
    [InlineData("Tucker, input mode 1: expected a rank of 1 to 2, found 3", 2, 3, 1)]
    [InlineData("Tucker: expected one rank or 3, one for each mode of 2x4 -> 3, found 2", 2, 2)]
    public void Refuses_ranks_that_do_not_fit(string expected, params int[] ranks)
    {
        var modes = ranks is [4] ? new MatrixModes([4, 4], [3]) : new MatrixModes([2, 4], [3]);
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => new TuckerFormat(ranks).Describe(modes)).Message);
    }
}
