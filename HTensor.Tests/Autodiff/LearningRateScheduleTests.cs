using HTensor.Autodiff;
using Xunit;

namespace HTensor.Tests.Autodiff;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void Constant_stays_at_its_peak_after_the_warm_up()
    {
        var plain = LearningRateSchedule.Constant(0.1);
        Assert.Equal([0.1, 0.1, 0.1], Rates(plain, 0, 7, long.MaxValue));
        var warm = LearningRateSchedule.Constant(0.5, warmUpSteps: 4);
        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.5, 0.5], Rates(warm, 0, 1, 2, 3, 4, 1000), Near);
    }

    [Fact]
    public void Cosine_passes_its_known_points()
    {
        var plain = LearningRateSchedule.Cosine(2, steps: 12);
        // cos 0, 30, 60, 90, 120, 180 degrees.
        Assert.Equal([2, 1 + Math.Sqrt(3) / 2, 1.5, 1, 0.5, 0, 0], Rates(plain, 0, 2, 4, 6, 8, 12, 13), Near);
        var warm = LearningRateSchedule.Cosine(2, steps: 112, warmUpSteps: 100, finalFraction: 0.25);
        Assert.Equal([2.0 / 101, 200.0 / 101, 2, 0.5 + 1.5 * 0.75, 0.5 + 1.5 * 0.5, 0.5, 0.5], Rates(warm, 0, 99, 100, 104, 106, 112, long.MaxValue), Near);
    }

    [Fact]
    public void The_rate_climbs_to_the_peak_and_falls_from_it()
    {
        var schedule = LearningRateSchedule.Cosine(0.3, 500, 50, 0.1);
        Assert.Equal(0.3, schedule.At(50));
        for (var step = 1; step < 500; step++) Assert.Equal(step <= 50, schedule.At(step) > schedule.At(step - 1));
        Assert.True(schedule.At(0) > 0);
    }

    [Fact]
    public void What_is_no_schedule_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Constant(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Constant(0.1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(0.1, 10, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(0.1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(0.1, 10, 0, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Constant(0.1).At(-1));
    }

    private static double[] Rates(LearningRateSchedule schedule, params long[] steps) => [.. steps.Select(schedule.At)];

    private static bool Near(double expected, double found) => Math.Abs(expected - found) <= 1e-15;
}
