using System.Globalization;
using System.Text;
using HTensor.Kernels;

namespace HTensor.Bench;

/// <summary><c>growth FOLDER</c>: how time and memory of a training step grow, as a page with a table and two plots an axis.</summary>
internal static class GrowthCommand
{
    public static int Run(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine($"growth {folder}: expected a folder that can be written, found: {exception.Message}");
            return 2;
        }

        var page = new StringBuilder();
        Line(page, "# How time and memory grow");
        Line(page, "");
        Line(page, "Made by `dotnet run -c Release --project HTensor.Bench -- growth docs/growth`. A training step of the LSTM over byte frames, AdamW included, one thread,");
        Line(page, $"{SimdWidth.Bits} bits, {DateTime.UtcNow:yyyy-MM-dd}; the least of the steps of half a second. Unless an axis says otherwise: batch 16, 6 frames of 160x120x3, hidden 256,");
        Line(page, "rank 4 (inner rank 5 in ht, two blocks in bt), four modes a side, chosen by `ModeFactorization`. Memory is what model, tape and optimizer hold.");
        Line(page, "A hole: the format cannot take the rank at these modes, or the dense matrix is too large.");
        foreach (var axis in GrowthAxis.All) Measure(axis, folder, page);
        File.WriteAllText(Path.Combine(folder, "README.md"), page.ToString());
        return 0;
    }

    private static void Measure(GrowthAxis axis, string folder, StringBuilder page)
    {
        var rows = GrowthMeasurement.Formats
            .Select(format => (format.Name, Points: axis.Points.Select(at => (at.Value, Measured: Report(axis, at, format.Name, GrowthMeasurement.Of(format.Format(at.Point.Rank), at.Point, ThreadTeam.Inline)))).ToArray()))
            .ToArray();
        var file = axis.Name.Replace(' ', '-');
        Line(page, "");
        Line(page, $"## {char.ToUpperInvariant(axis.Name[0])}{axis.Name[1..]}");
        Line(page, "");
        Line(page, axis.Expectation);
        Line(page, "");
        Line(page, $"| ms, MB | {string.Join(" | ", axis.Points.Select(at => Number(at.Value, "N0")))} |");
        Line(page, $"|---|{string.Concat(axis.Points.Select(_ => "---|"))}");
        foreach (var (name, points) in rows)
            Line(page, $"| {name} | {string.Join(" | ", points.Select(point => point.Measured is { } m ? $"{Number(m.Milliseconds, "G3")}, {Number(m.Megabytes, "G3")}" : ""))} |");
        Line(page, "");
        Line(page, $"![time](time-{file}.svg) ![memory](memory-{file}.svg)");
        Write("time", "ms a step", measured => measured.Milliseconds);
        Write("memory", "MB", measured => measured.Megabytes);

        void Write(string kind, string unit, Func<GrowthMeasurement, double> value) => File.WriteAllText(
            Path.Combine(folder, $"{kind}-{file}.svg"),
            GrowthPlot.Draw(axis.Name, unit, [.. rows.Select(row => (row.Name, (IReadOnlyList<(double, double)>)[.. row.Points.Where(point => point.Measured is not null).Select(point => (point.Value, value(point.Measured!)))]))]));
    }

    private static GrowthMeasurement? Report(GrowthAxis axis, (double Value, GrowthPoint Point) at, string format, GrowthMeasurement? measured)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{axis.Name,-14} {at.Value,10:N0} {format,-6} {measured?.Milliseconds,10:F2} ms {measured?.Megabytes,10:F1} MB"));
        return measured;
    }

    private static string Number(double value, string format) => value.ToString(value >= 1000 ? "N0" : format, CultureInfo.InvariantCulture);

    private static void Line(StringBuilder page, FormattableString text) => page.AppendLine(text.ToString(CultureInfo.InvariantCulture));

    private static void Line(StringBuilder page, string text) => page.AppendLine(text);
}
