using System.Globalization;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>How far the passes over a file have come: a bar on a terminal, elsewhere a line where work has been silent for long.</summary>
internal sealed class PassProgress : IProgress<long>
{
    private readonly TimeProvider _clock;
    private readonly double _length;
    private readonly TimeSpan _pause;
    private readonly Action<int, double> _show;
    private long _last;
    private long _value;
    private long _before;

    private PassProgress(TimeProvider clock, double length, TimeSpan pause, Action<int, double> show) =>
        (_clock, _length, _pause, _show, _last) = (clock, Math.Max(1, length), pause, show, clock.GetTimestamp());

    /// <summary>Passes over the file so far.</summary>
    public double Passes { get; private set; }

    /// <param name="io">Where people read.</param>
    /// <param name="clock">Of the pauses between lines.</param>
    /// <param name="what">What is read or written.</param>
    /// <param name="length">Its elements.</param>
    /// <param name="work">Reports elements.</param>
    public static T Run<T>(CommandIo io, TimeProvider clock, string what, double length, Func<PassProgress, T> work)
    {
        if (!io.IsTerminal) return work(new PassProgress(clock, length, PlainTrainingProgress.LongSilence, (pass, part) => io.Say($"{what}: {Text(pass, part)}")));
        return io.Console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = TrainingDisplay.BarWidth }, new PercentageColumn())
            .Start(display =>
            {
                var task = display.AddTask(Markup.Escape(what), maxValue: 1);
                return work(new PassProgress(clock, length, TimeSpan.Zero, (pass, part) =>
                {
                    task.Description = Markup.Escape($"{what}, pass {pass}");
                    task.Value = part;
                }));
            });
    }

    public void Report(long value)
    {
        // Whoever reads the file next counts from the beginning.
        if (value < _value) _before += _value;
        _value = value;
        Passes = (_before + value) / _length;
        if (_clock.GetElapsedTime(_last) < _pause) return;
        _last = _clock.GetTimestamp();
        var pass = (int)Math.Max(1, Math.Ceiling(Passes));
        _show(pass, Passes - pass + 1);
    }

    private static string Text(int pass, double part) => string.Create(CultureInfo.InvariantCulture, $"pass {pass}, {100 * part:F0} %");
}
