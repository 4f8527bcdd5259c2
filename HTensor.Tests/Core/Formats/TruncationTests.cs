using FsCheck.Xunit;
using HTensor.Core;

namespace HTensor.Tests.Core.Formats;

public sealed class TruncationTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1e-3)]
    [InlineData(double.PositiveInfinity)]
    public void A_tolerance_that_is_none_is_refused(double tolerance)
    {
        Assert.Contains("relative tolerance: expected a finite number of at least 0, found", Assert.Throws<ArgumentException>(() => Truncation.Relative(tolerance)).Message, StringComparison.Ordinal);
        Assert.Contains("absolute tolerance: expected a finite number of at least 0, found", Assert.Throws<ArgumentException>(() => Truncation.Absolute(tolerance)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void A_rank_below_1_is_refused(int rank)
    {
        Assert.Contains($"found {rank}", Assert.Throws<ArgumentException>(() => Truncation.MaximalRank(rank)).Message, StringComparison.Ordinal);
        var thrown = Assert.Throws<ArgumentException>(() => Truncation.Exact.WithMaximalRanks(new Dictionary<string, int> { ["0,1"] = rank }));
        Assert.Contains("node {0,1}", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tolerance_and_ranks_combine()
    {
        var truncation = Truncation.Relative(0.5).WithMaximalRank(4).WithMaximalRanks(new Dictionary<string, int> { ["0,1"] = 2, ["2"] = 9 });
        Assert.Equal((2, 4, 4), (truncation.MaximalRankOf("0,1"), truncation.MaximalRankOf("2"), truncation.MaximalRankOf("3")));
        Assert.Equal(4.5, truncation.AllowedError(10, 0.5));
        Assert.Equal(0, Truncation.Absolute(1e-3).AllowedError(10, 1));
        Assert.Equal(0.25, Truncation.Exact.AllowedError(10, 0.25));
    }

    [Fact]
    public void No_rank_is_ever_0()
    {
        Assert.Equal(1, RankChoice.Choose([0, 0, 0], 0, 3));
        Assert.Equal(1, RankChoice.Choose([3, 2, 1], 100, 3));
        Assert.Equal(1, RankChoice.Choose([], 0, 1));
    }

    [Fact]
    public void Zeros_are_dropped_and_others_only_within_the_allowed_error()
    {
        Assert.Equal(2, RankChoice.Choose([3, 2, 0], 0, 3));
        Assert.Equal(1, RankChoice.Choose([5, 4, 3], 5, 3));
        Assert.Equal(2, RankChoice.Choose([5, 4, 3], 4.999, 3));
        Assert.Equal(2, RankChoice.Choose([5, 4, 3], 0, 2));
    }

    [Property(MaxTest = 200)]
    public void The_smallest_rank_whose_tail_is_allowed_is_chosen(double[] numbers, byte part, short exponent)
    {
        var scale = Math.ScaleB(1, exponent % 1000);
        double[] values = [.. numbers.Where(double.IsFinite).Select(x => Math.Abs(Math.IEEERemainder(x, 1)) * scale).OrderDescending()];
        var allowed = RankChoice.Norm(values) * part / 255 * (1 + 1e-14);
        var rank = RankChoice.Choose(values, allowed, int.MaxValue);
        Assert.InRange(rank, 1, Math.Max(1, values.Length));
        if (rank < values.Length) Assert.True(RankChoice.Norm(values.AsSpan(rank)) <= allowed * (1 + 1e-12));
        if (rank > 1) Assert.True(RankChoice.Norm(values.AsSpan(rank - 1)) >= allowed * (1 - 1e-12));
    }

    [Fact]
    public void Stages_share_the_allowed_error_and_pass_on_what_they_leave()
    {
        var budget = new ErrorBudget(6, 4);
        Assert.Equal(3, budget.OfStage, 12);
        budget.Spend(0);
        Assert.Equal(Math.Sqrt(12), budget.OfStage, 12);
        budget.Spend(budget.OfStage);
        budget.Spend(budget.OfStage);
        Assert.Equal(Math.Sqrt(12), budget.Left, 12);
        budget.Spend(budget.Left);
        Assert.Equal(0, budget.OfStage, 6);
    }

    [Fact]
    public void A_report_adds_squares_and_counts_siblings_once()
    {
        NodeTruncation[] nodes = [NodeTruncation.Of("0", [9, 3], 1), NodeTruncation.Of("1", [9, 4, 0], 1, ErrorShare.Own), NodeTruncation.Of("2", [9, 4, 0], 1, ErrorShare.Sibling)];
        var projected = TruncationReport.OfProjections(nodes, 10, 0.5);
        Assert.Equal((4.5, 5.5), (projected.ErrorLowerBound, projected.ErrorUpperBound));
        Assert.Equal((0.45, 0.55), (projected.RelativeErrorLowerBound, projected.RelativeErrorUpperBound));
        var together = TruncationReport.OfUnprojected(nodes, 10, 0.5);
        Assert.Equal((3.5, 5.5), (together.ErrorLowerBound, together.ErrorUpperBound));
        Assert.Equal([1, 1, 1], together.Ranks);
        Assert.Equal([4.0, 0.0], together.Nodes[1].Dropped);
    }

    [Fact]
    public void Bounds_do_not_overflow()
    {
        var report = TruncationReport.OfProjections([NodeTruncation.Of("0", [4e300, 3e300], 1), NodeTruncation.Of("1", [5e300, 4e300], 1)], 1e301, 0);
        Assert.Equal(5e300, report.ErrorUpperBound, 1e286);
        Assert.Equal(0, TruncationReport.OfProjections([NodeTruncation.Of("0", [0, 0], 1)], 0, 0).RelativeErrorUpperBound);
    }
}
