using HTensor.Core;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace HTensor.Cli;

/// <summary>The singular values of every node as SVG: a line a node, dots for what was kept, crosses for what was dropped, over the norm, logarithmic.</summary>
internal static class SingularValuePlot
{
    private const int Width = 800;
    private const int Height = 500;
    private const double Smallest = 1e-18;

    public static string Draw(TruncationReport report)
    {
        var model = new PlotModel { Title = "Singular values over the norm, by node", Background = OxyColors.White };
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "number", MinimumMajorStep = 1, MajorGridlineStyle = LineStyle.Dot });
        model.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Left, Minimum = Smallest, MajorGridlineStyle = LineStyle.Dot });
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.RightTop, LegendPlacement = LegendPlacement.Outside });
        foreach (var node in report.Nodes.Where(node => node.Share == ErrorShare.Own)) Add(model, node, report.Norm);
        return new SvgExporter { Width = Width, Height = Height }.ExportToString(model);
    }

    private static void Add(PlotModel model, NodeTruncation node, double norm)
    {
        var color = model.DefaultColors[model.Series.Count / 2 % model.DefaultColors.Count];
        var line = new LineSeries { Title = $"{{{node.Node}}} rank {node.Rank}", Color = color, MarkerType = MarkerType.Circle, MarkerSize = 3, MarkerFill = color };
        var dropped = new LineSeries { Color = color, LineStyle = LineStyle.None, MarkerType = MarkerType.Cross, MarkerSize = 3, MarkerStroke = color };
        line.Points.AddRange(node.Kept.Select((value, i) => Point(i, value)));
        dropped.Points.AddRange(node.Dropped.Select((value, i) => Point(node.Rank + i, value)));
        model.Series.Add(line);
        model.Series.Add(dropped);

        DataPoint Point(int i, double value) => new(i + 1, Math.Max(Smallest, norm > 0 ? value / norm : 0));
    }
}
