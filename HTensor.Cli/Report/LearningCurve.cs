using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace HTensor.Cli;

/// <summary>
/// Curves over epochs as inline SVG. OxyPlot draws in marker colours that stand for the page's own, so that one drawing serves the light
/// and the dark page. Title and legend are the page's: OxyPlot measures text too narrow for the page's font.
/// </summary>
internal static class LearningCurve
{
    private const int Width = 440;
    private const int Height = 270;

    private static readonly OxyColor Ink = OxyColor.FromRgb(1, 2, 3);
    private static readonly OxyColor Rule = OxyColor.FromRgb(3, 2, 1);
    private static readonly OxyColor[] Lines = [.. Enumerable.Range(0, ReportStyle.Lines).Select(line => OxyColor.FromRgb(1, 1, (byte)(2 + line)))];
    private static readonly string[] LineVariables = [.. Enumerable.Range(0, ReportStyle.Lines).Select(line => $"var(--line-{line})")];

    /// <summary>A curve: one value an epoch, null where there is none.</summary>
    public sealed record Curve(string Name, IReadOnlyList<(int Epoch, double? Value)> Points);

    /// <summary>The drawing, or null where no curve has a point.</summary>
    /// <param name="id">Sets the drawing's ids apart from those of others on the page.</param>
    public static string? Draw(string id, string title, IReadOnlyList<Curve> curves)
    {
        var drawn = curves.Where(curve => curve.Points.Any(point => IsPoint(point.Value))).ToArray();
        if (drawn.Length == 0) return null;
        var model = new PlotModel
        {
            TextColor = Ink,
            PlotAreaBorderColor = Rule,
            DefaultFont = "system-ui, sans-serif",
            Background = OxyColors.Undefined,
        };
        model.Axes.Add(MakeAxis(AxisPosition.Bottom));
        model.Axes.Add(MakeAxis(AxisPosition.Left));
        model.Axes[0].MinimumMajorStep = 1;
        for (var i = 0; i < drawn.Length; i++)
        {
            var points = drawn[i].Points
                .Where(point => IsPoint(point.Value))
                .Select(point => new DataPoint(point.Epoch, point.Value!.Value))
                .ToArray();
            var color = Lines[i % Lines.Length];
            var series = new LineSeries { Color = color, StrokeThickness = 2 };
            // One epoch makes no line; a dot shows it.
            if (points.Length == 1) (series.MarkerType, series.MarkerFill, series.MarkerSize) = (MarkerType.Circle, color, 4);
            series.Points.AddRange(points);
            model.Series.Add(series);
        }

        var exporter = new SvgExporter { Width = Width, Height = Height, IsDocument = false };
        return ForPage(exporter.ExportToString(model), id, title, drawn);
    }

    private static bool IsPoint(double? value) => value is { } number && double.IsFinite(number);

    private static LinearAxis MakeAxis(AxisPosition position) => new()
    {
        Position = position,
        TextColor = Ink,
        AxislineColor = Rule,
        TicklineColor = Rule,
        MinorTickSize = 0,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = Rule,
        MajorGridlineThickness = 0.5,
    };

    // The exporter's fixed size becomes a view box that fills the page's width, its marker colours the page's variables.
    private static string ForPage(string svg, string id, string title, Curve[] curves)
    {
        var body = svg[(svg.IndexOf('>', svg.IndexOf("<svg", StringComparison.Ordinal)) + 1)..];
        body = body
            .Replace("id=\"clipPath", $"id=\"{id}", StringComparison.Ordinal)
            .Replace("url(#clipPath", $"url(#{id}", StringComparison.Ordinal);
        body = Replace(body, Ink, "var(--ink)");
        body = Replace(body, Rule, "var(--rule)");
        for (var i = 0; i < Lines.Length; i++) body = Replace(body, Lines[i], LineVariables[i]);
        var legend = string.Concat(curves.Select((curve, i) =>
            $" <span style=\"color:{LineVariables[i % Lines.Length]}\">&#9644; {HtmlText.Escape(curve.Name)}</span>"));
        var caption = $"{HtmlText.Escape(title)} by epoch";
        return $"<figure><figcaption>{caption}:{legend}</figcaption>"
            + $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{caption}\">{body}</figure>";
    }

    // Strokes stand in styles already; a text's fill stands in an attribute, where a variable is not sure to work.
    private static string Replace(string svg, OxyColor marker, string variable)
    {
        var color = $"rgb({marker.R},{marker.G},{marker.B})";
        return svg
            .Replace($"fill=\"{color}\"", $"style=\"fill:{variable}\"", StringComparison.Ordinal)
            .Replace(color, variable, StringComparison.Ordinal);
    }
}
