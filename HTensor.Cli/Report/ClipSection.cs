using System.Globalization;
using System.Text;

namespace HTensor.Cli;

/// <summary>Test samples with their frames and what the model says of them.</summary>
internal static class ClipSection
{
    public static void Write(StringBuilder html, IReadOnlyList<SampleClip> clips)
    {
        HtmlReport.Heading(html, "Predictions on samples");
        html.AppendLine("<p>Test samples: right ones of different classes, then those that the model is most wrong about.</p><div class=\"clips\">");
        foreach (var clip in clips) Write(html, clip);
        html.AppendLine("</div>");
    }

    private static void Write(StringBuilder html, SampleClip clip)
    {
        html.AppendLine(CultureInfo.InvariantCulture, $"<figure class=\"clip\"><div class=\"frames{(clip.Frames.Count == 1 ? " one" : "")}\">");
        foreach (var frame in clip.Frames) html.Append(CultureInfo.InvariantCulture, $"<img alt=\"\" src=\"data:image/png;base64,{Convert.ToBase64String(frame)}\">");
        html.AppendLine(CultureInfo.InvariantCulture, $"</div><figcaption><b>{HtmlText.Escape(clip.Label)}</b> <span class=\"{(clip.IsRight ? "right" : "wrong")}\">{(clip.IsRight ? "right" : "wrong")}</span>, sample {clip.Number}");
        html.AppendLine("<table class=\"bars\"><tbody>");
        foreach (var (name, probability) in clip.Predictions)
        {
            html.AppendLine(CultureInfo.InvariantCulture, $"<tr><td>{HtmlText.Escape(name)}</td><td class=\"part\"><span style=\"width:{Words.Fixed(100 * probability, 1)}%\"></span></td><td class=\"number\">{ProgressText.Percent(probability)}</td></tr>");
        }

        html.AppendLine("</tbody></table></figcaption></figure>");
    }
}
