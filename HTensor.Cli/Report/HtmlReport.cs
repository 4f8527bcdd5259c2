using System.Globalization;
using System.Text;

namespace HTensor.Cli;

/// <summary>report.html: one file that needs nothing from outside.</summary>
internal static class HtmlReport
{
    public static string Write(RunReport report)
    {
        var html = Begin(report.Title);
        Values(html, report.Figures);
        Charts(html, report.Epochs);
        Heading(html, "Parameters");
        Parameters(html, report.Parameters);
        if (report.Network is { } network)
        {
            Heading(html, "Input matrix");
            html.AppendLine("<div class=\"wide\">").AppendLine(network).AppendLine("</div>");
        }

        if (report.Spectra.Count > 0) SpectrumSection.Write(html, report.Spectra);
        if (report.Confusion is { } confusion) ConfusionSection.Write(html, confusion);
        if (report.Clips.Count > 0) ClipSection.Write(html, report.Clips);
        Heading(html, "Settings");
        Values(html, report.Settings);
        return End(html);
    }

    /// <summary>A page up to its title.</summary>
    internal static StringBuilder Begin(string title)
    {
        var html = new StringBuilder();
        html.AppendLine("<!doctype html>");
        html.AppendLine("<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.AppendLine("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.AppendLine(CultureInfo.InvariantCulture, $"<title>{HtmlText.Escape(title)}</title>");
        html.AppendLine("<style>").AppendLine(ReportStyle.Css).AppendLine("</style></head><body>");
        html.AppendLine(CultureInfo.InvariantCulture, $"<h1>{HtmlText.Escape(title)}</h1>");
        return html;
    }

    internal static string End(StringBuilder html) => html.AppendLine("<footer>htensor</footer></body></html>").ToString();

    internal static void Heading(StringBuilder html, string text) =>
        html.AppendLine(CultureInfo.InvariantCulture, $"<h2>{HtmlText.Escape(text)}</h2>");

    private static void Charts(StringBuilder html, IReadOnlyList<EpochMetrics> epochs)
    {
        var loss = LearningCurve.Draw("loss", "loss (nats)",
        [
            new("training", [.. epochs.Select(epoch => (epoch.Epoch, (double?)epoch.TrainLoss))]),
            new("validation", [.. epochs.Select(epoch => (epoch.Epoch, epoch.ValidationLoss))]),
        ]);
        var accuracy = LearningCurve.Draw("accuracy", "validation accuracy (%)",
        [
            new("validation", [.. epochs.Select(epoch => (epoch.Epoch, 100 * epoch.ValidationAccuracy))]),
        ]);
        Charts(html, loss, accuracy);
    }

    internal static void Charts(StringBuilder html, string? loss, string? accuracy)
    {
        if (loss is null && accuracy is null) return;
        Heading(html, "Learning curves");
        html.AppendLine("<div class=\"charts\">").AppendLine(loss).AppendLine(accuracy).AppendLine("</div>");
    }

    private static void Parameters(StringBuilder html, IReadOnlyList<ParameterRow> rows)
    {
        html.AppendLine("<div class=\"wide\"><table><thead><tr><th>part</th>");
        html.AppendLine("<th class=\"number\">stored</th><th class=\"number\">dense</th><th class=\"number\">ratio</th></tr></thead><tbody>");
        foreach (var row in rows)
        {
            var dense = row.DenseParameters is { } count ? Words.Count(count) : "";
            var ratio = row.Ratio is { } value ? Words.Ratio(value) : "";
            html.AppendLine(CultureInfo.InvariantCulture, $"<tr><td>{HtmlText.Escape(row.Part)}</td>");
            foreach (var number in (string[])[Words.Count(row.Parameters), dense, ratio])
                html.AppendLine(CultureInfo.InvariantCulture, $"<td class=\"number\">{number}</td>");
            html.AppendLine("</tr>");
        }

        html.AppendLine("</tbody></table></div>");
    }

    private static void Values(StringBuilder html, IReadOnlyList<NamedValue> values)
    {
        html.AppendLine("<div class=\"wide\"><table><tbody>");
        foreach (var value in values)
        {
            html.AppendLine(CultureInfo.InvariantCulture, $"<tr><th>{HtmlText.Escape(value.Name)}</th>");
            html.AppendLine(CultureInfo.InvariantCulture, $"<td class=\"value\">{HtmlText.Escape(value.Value)}</td></tr>");
        }

        html.AppendLine("</tbody></table></div>");
    }
}
