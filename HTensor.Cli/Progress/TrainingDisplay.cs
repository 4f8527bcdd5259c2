using Spectre.Console;

namespace HTensor.Cli;

/// <summary>Runs training under the display that fits where the lines go: a live bar on a terminal, plain lines elsewhere.</summary>
internal static class TrainingDisplay
{
    /// <summary>Leaves the words their place in 80 columns.</summary>
    public const int BarWidth = 10;

    public static T Run<T>(CommandIo io, TimeProvider clock, Func<ITrainingProgress, T> train)
    {
        if (!io.IsTerminal) return train(new PlainTrainingProgress(io, clock));
        return io.Console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = BarWidth },
                new PercentageColumn())
            .Start(display => train(new LiveTrainingProgress(io, display.AddTask("starting"), clock)));
    }
}
