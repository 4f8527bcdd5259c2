using System.Globalization;
using System.Text;

namespace HTensor.Cli;

/// <summary>Runs side by side, one file that needs nothing from outside.</summary>
internal static class ComparisonPage
{
    private static readonly (string Name, Func<FinishedRun, string> Value)[] Columns =
    [
        ("run", run => run.Name), ("format", run => run.Text("format")), ("U", run => run.Text("recurrentFormat")), ("test", run => run.Test), ("best validation", run => run.Validation),
        ("input matrix", run => run.Count("inputParameters")), ("ratio", run => run.Ratio("inputCompressionRatio")), ("cell", run => run.Count("cellParameters")),
        ("ratio", run => run.Ratio("cellCompressionRatio")), ("epochs", run => run.Count("epochs")), ("seconds", run => run.Count("secondsTotal")),
        ("ms a step", run => run.Number("millisecondsPerStep") is { } time ? Words.Fixed(time, 2) : ""), ("MB", run => run.Count("peakMemoryMegabytes")),
    ];

    public static string Write(IReadOnlyList<FinishedRun> runs)
    {
        var html = HtmlReport.Begin($"{runs.Count} runs");
        Table(html, [.. Columns.Select(column => column.Name)], runs.Select(run => Columns.Select(column => column.Value(run)).ToArray()), textColumns: 3);
        HtmlReport.Charts(html,
            LearningCurve.Draw("loss", runs.Any(run => run.Epochs.Any(epoch => epoch.ValidationLoss is not null)) ? "validation loss (nats)" : "training loss (nats)",
                [.. runs.Select(run => new LearningCurve.Curve(run.Name, [.. run.Epochs.Select(epoch => (epoch.Epoch, epoch.ValidationLoss ?? epoch.TrainLoss as double?))]))]),
            LearningCurve.Draw("accuracy", "validation accuracy (%)",
                [.. runs.Select(run => new LearningCurve.Curve(run.Name, [.. run.Epochs.Select(epoch => (epoch.Epoch, 100 * epoch.ValidationAccuracy))]))]));
        Settings(html, runs);
        return HtmlReport.End(html);
    }

    private static void Settings(StringBuilder html, IReadOnlyList<FinishedRun> runs)
    {
        string[] differing = [.. runs.SelectMany(run => run.Settings.Keys).Distinct().Where(key => runs.Select(run => run.Settings.GetValueOrDefault(key, "")).Distinct().Count() > 1)];
        if (differing.Length == 0) return;
        HtmlReport.Heading(html, "Settings that differ");
        Table(html, ["setting", .. runs.Select(run => run.Name)], differing.Select(key => (string[])[key, .. runs.Select(run => run.Settings.GetValueOrDefault(key, ""))]), textColumns: int.MaxValue);
    }

    private static void Table(StringBuilder html, string[] head, IEnumerable<string[]> rows, int textColumns)
    {
        html.AppendLine("<div class=\"wide\"><table><thead><tr>");
        for (var i = 0; i < head.Length; i++) html.Append(CultureInfo.InvariantCulture, $"<th{(i >= textColumns ? " class=\"number\"" : "")}>{HtmlText.Escape(head[i])}</th>");
        html.AppendLine("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            for (var i = 0; i < row.Length; i++) html.Append(CultureInfo.InvariantCulture, $"<td{(i >= textColumns ? " class=\"number\"" : "")}>{HtmlText.Escape(row[i])}</td>");
            html.AppendLine("</tr>");
        }

        html.AppendLine("</tbody></table></div>");
    }
}
