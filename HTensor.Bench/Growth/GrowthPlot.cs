using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace HTensor.Bench;

/// <summary>Curves of several formats over one axis, both scales logarithmic, as an SVG document.</summary>
internal static class GrowthPlot
{
    private static readonly OxyColor[] Colors =
        [OxyColor.FromRgb(0, 114, 178), OxyColor.FromRgb(213, 94, 0), OxyColor.FromRgb(0, 158, 115), OxyColor.FromRgb(204, 121, 167), OxyColor.FromRgb(90, 90, 90)];

    public static string Draw(string axis, string unit, IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> curves)
    {
        var model = new PlotModel { Background = OxyColors.White, IsLegendVisible = true };
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.TopLeft, LegendBackground = OxyColors.White });
        model.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Title = axis, MajorGridlineStyle = LineStyle.Dot });
        model.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Left, Title = unit, MajorGridlineStyle = LineStyle.Dot });
        for (var i = 0; i < curves.Count; i++)
        {
            var series = new LineSeries { Title = curves[i].Name, Color = Colors[i], MarkerType = MarkerType.Circle, MarkerSize = 3, MarkerFill = Colors[i] };
            series.Points.AddRange(curves[i].Points.Select(point => new DataPoint(point.X, point.Y)));
            model.Series.Add(series);
        }

        return new SvgExporter { Width = 520, Height = 360, IsDocument = true }.ExportToString(model);
    }
}
