using System.Globalization;
using System.Text;

namespace HTensor.Cli;

/// <summary>The confusion matrix of a report: a cell's tint is its part of the true class.</summary>
internal static class ConfusionSection
{
    public static void Write(StringBuilder html, ConfusionMatrix confusion)
    {
        HtmlReport.Heading(html, "Confusion matrix");
        html.AppendLine(CultureInfo.InvariantCulture,
            $"<p>Test split: {Words.Count(confusion.Correct)} of {Words.Count(confusion.Count)} right, ");
        html.Append(ProgressText.Percent(confusion.Accuracy)).AppendLine(". A row is a true class, a column a predicted one.</p>");
        html.Append("<div class=\"wide\"><table class=\"confusion\"><thead><tr><th></th>");
        for (var predicted = 0; predicted < confusion.ClassNames.Count; predicted++)
            html.Append(CultureInfo.InvariantCulture, $"<th title=\"{HtmlText.Escape(confusion.ClassNames[predicted])}\">{predicted}</th>");
        html.AppendLine("</tr></thead><tbody>");
        for (var label = 0; label < confusion.ClassNames.Count; label++) Row(html, confusion, label);
        html.AppendLine("</tbody></table></div>");
    }

    private static void Row(StringBuilder html, ConfusionMatrix confusion, int label)
    {
        var sum = Math.Max(1, confusion.RowSum(label));
        html.Append(CultureInfo.InvariantCulture, $"<tr><th>{label} {HtmlText.Escape(confusion.ClassNames[label])}</th>");
        for (var predicted = 0; predicted < confusion.ClassNames.Count; predicted++)
        {
            var count = confusion[label, predicted];
            var text = count == 0 ? "" : Words.Count(count);
            html.Append(CultureInfo.InvariantCulture, $"<td style=\"--part:{Words.Fixed((double)count / sum, 3)}\">{text}</td>");
        }

        html.AppendLine("</tr>");
    }
}
