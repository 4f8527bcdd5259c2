using System.Globalization;

namespace HTensor.Cli;

/// <summary>Progress in words; every line fits 80 columns.</summary>
internal static class ProgressText
{
    public static string Of(EpochMetrics metrics, int epochs)
    {
        var validation = metrics.ValidationLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $", validation {loss:F3}") : "";
        var accuracy = metrics.ValidationAccuracy is { } part ? $" at {Percent(part)}" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {Count(metrics.Epoch, epochs)}: loss {metrics.TrainLoss:F3}{validation}{accuracy}, {metrics.Seconds:F1} s");
    }

    public static string Of(in StepProgress progress, double stepsPerSecond)
    {
        var accuracy = progress.Accuracy is { } part ? $" acc {Percent(part)}" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {Count(progress.Epoch, progress.Epochs)} loss {progress.Loss:F3}{accuracy} {stepsPerSecond:F1} steps/s");
    }

    public static string TimeLeft(TimeSpan left) => left.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours}:{left.Minutes:D2}:{left.Seconds:D2}")
        : string.Create(CultureInfo.InvariantCulture, $"{left.Minutes:D2}:{left.Seconds:D2}");

    public static string Percent(double part) => string.Create(CultureInfo.InvariantCulture, $"{100 * part:F1} %");

    private static string Count(int value, int of)
    {
        var total = of.ToString(CultureInfo.InvariantCulture);
        return $"{value.ToString(CultureInfo.InvariantCulture).PadLeft(total.Length)}/{total}";
    }
}
