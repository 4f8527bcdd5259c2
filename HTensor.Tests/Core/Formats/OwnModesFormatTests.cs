using HTensor.Core;

namespace HTensor.Tests.Core.Formats;

public sealed class OwnModesFormatTests
{
    private static readonly OwnModesFormat Own = new(new TensorTrainFormat(2), new MatrixModes([3, 4], [2, 5]));

    [Fact]
    public void The_sides_are_cut_anew_and_rows_are_padded()
    {
        var expected = new TensorTrainFormat(2).Describe(new MatrixModes([3, 4], [2, 5]));
        foreach (var rows in new[] { 11, 12 }) Assert.Equal(expected.Matrix.ToString(), Own.Describe(new MatrixModes([rows], [10])).Matrix.ToString());
    }

    [Fact]
    public void Sides_that_do_not_fit_are_refused()
    {
        Refused("own modes 3x4 -> 2x5: expected output modes of the matrix's 9 columns, found 10", () => Own.Describe(new MatrixModes([12], [9])));
        Refused("own modes 3x4 -> 2x5: expected input modes of at least the matrix's 13 rows, found 12", () => Own.Describe(new MatrixModes([13], [10])));
        Refused("own modes: expected a format that has modes, found lowrank, which takes whole sides", () => _ = new OwnModesFormat(new LowRankFormat(2), new MatrixModes([2], [2])));
        Refused("low rank: expected a rank of 1 to 3, found 4", () => new LowRankFormat(4).Describe(new MatrixModes([3], [7])));
    }

    [Fact]
    public void Each_bond_has_a_rank_of_its_own()
    {
        var modes = new MatrixModes([2, 3, 2], [2, 2, 3]);
        Assert.Equal(4 * 3 + 3 * 6 * 5 + 5 * 6, new TensorTrainFormat(3, 5).Describe(modes).ParameterCount);
        Assert.Equal(2 * (4 * 2 + 6 * 3 + 6 * 1 + 2 * 3 * 1), new BlockTermFormat(2, 2, 3, 1).Describe(modes).ParameterCount);
        Assert.Equal(2 * 2 * 1 + 1 * 3 * 2 + 2 * 2 * 3 + 3 * 2 * 2 + 2 * 2 * 1 + 1 * 3 * 2, new TensorRingFormat([1, 2, 3, 2, 1, 2]).Describe(modes).ParameterCount);
        Refused("tensor train: expected one rank or 2, one for each bond between modes of 2x3x2 -> 2x2x3, found 3", () => new TensorTrainFormat(1, 2, 3).Describe(modes));
        Refused("tensor ring: expected one rank or 6, one for each bond behind a mode of 2x3x2 -> 2x2x3, found 2", () => new TensorRingFormat([1, 2]).Describe(modes));
        Refused("block term: expected one rank or 3, one for each pair of modes of 2x3x2 -> 2x2x3, found 2", () => new BlockTermFormat(2, 1, 2).Describe(modes));
    }

    private static void Refused(string expected, Action action) => Assert.Equal(expected, Assert.Throws<ArgumentException>(action).Message);
}
