using HTensor.Cli;
using HTensor.Rnn;

namespace HTensor.Tests;

public sealed class ProgressTests
{
    [Fact]
    public void Lines_fit_eighty_columns()
    {
        Assert.Equal("epoch  3/20: loss 0.428, validation 0.395 at 94.0 %, 12.5 s", ProgressText.Of(new EpochMetrics(3, 0.4279, 0.3951, 0.94, 12.5), 20));
        Assert.Equal("epoch  3/20: loss 0.428, 12.5 s", ProgressText.Of(new EpochMetrics(3, 0.4279, null, null, 12.5), 20));
        var widest = ProgressText.Of(new StepProgress(100, 100, 9999, 9999, 12.345, 1), 1234.5);
        var bar = widest + " " + ProgressText.TimeLeft(TimeSpan.FromMinutes(59)) + " left " + new string('-', TrainingDisplay.BarWidth) + " 100%";
        Assert.InRange(bar.Length, 1, 80);
        Assert.Equal("1:02:03", ProgressText.TimeLeft(new TimeSpan(1, 2, 3)));
    }

    [Fact]
    public void Plain_progress_is_a_line_an_epoch_and_one_in_ten_seconds()
    {
        var clock = new SteppedClock();
        var run = ToolRun.Working(
            io => TrainingDisplay.Run(io, clock, progress =>
            {
                for (var step = 1; step <= 30; step++)
                {
                    clock.Advance(TimeSpan.FromSeconds(1));
                    progress.Step(new StepProgress(1, 2, step, 30, 2.0 / step, null));
                }

                progress.Epoch(new EpochMetrics(1, 0.5, 0.25, 0.75, 30), 2);
                return 0;
            }),
            "train");
        Assert.Equal(
            [
                "epoch 1/2 loss 0.200 1.0 steps/s, 00:50 left",
                "epoch 1/2 loss 0.100 1.0 steps/s, 00:40 left",
                "epoch 1/2: loss 0.500, validation 0.250 at 75.0 %, 30.0 s",
            ],
            run.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_step_that_draws_nothing_allocates_nothing()
    {
        using var folder = new TemporaryFolder();
        var allocated = -1L;
        ToolRun.Working(
            io =>
            {
                var display = new PlainTrainingProgress(io, TimeProvider.System);
                var monitor = new TrainingMonitor(display, RunFolder.Create(folder.In("run"), TimeProvider.System));
                monitor.Report(new TrainingProgress(1, 2, 1, 100, 2.5, null));
                allocated = Allocation.Of(() =>
                {
                    for (var step = 2; step <= 100; step++) monitor.Report(new TrainingProgress(1, 2, step, 100, 2.5, null));
                });
            },
            "train");
        Assert.Equal(0, allocated);
    }

    private sealed class SteppedClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now;
    }
}
