using System.Globalization;
using System.Text.Json;
using HTensor.Core;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>A tensor in a format as <c>decompose</c> and <c>inspect</c> show it: ranks, counts, the certificate, the tree, every core.</summary>
internal sealed class TensorSummary(DecomposedTensor tensor, TensorSummary.Measured? measured = null)
{
    /// <summary>What was measured beside the decomposition.</summary>
    /// <param name="Error">||X - Y||; null where the decomposition had read a large file so often that its bounds, which differ by rounding alone, stand for it.</param>
    /// <param name="Seconds">Of the decomposition.</param>
    /// <param name="Megabytes">The most memory held.</param>
    public sealed record Measured(double? Error, double Seconds, double Megabytes);

    private IEnumerable<TensorRow> Rows => tensor.Cores.Select(core => new TensorRow(core.Name, $"{core.Values.Type}", core.Values.Shape));

    private double Ratio => tensor.DenseNumbers / tensor.StoredNumbers;

    private double? RelativeError => measured?.Error is not { } error || tensor.Report is not { } report ? null : report.Norm > 0 ? error / report.Norm : error;

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("format", TensorFormats.Name(tensor.Format));
        writer.WriteString("type", tensor.Type == NpyType.Single ? "float32" : "float64");
        writer.WriteList("modes", tensor.ModeSizes);
        WriteRanks(writer);
        writer.WriteNumber("storedNumbers", tensor.StoredNumbers);
        writer.WriteFinite("denseNumbers", tensor.DenseNumbers);
        writer.WriteFinite("compressionRatio", Ratio);
        if (measured is { } known)
        {
            writer.WriteFinite("relativeError", RelativeError);
            writer.WriteFinite("absoluteError", known.Error);
        }

        if (tensor.Report is { } report)
        {
            writer.WriteFinite("errorLowerBound", report.RelativeErrorLowerBound);
            writer.WriteFinite("errorUpperBound", report.RelativeErrorUpperBound);
            writer.WriteFinite("norm", report.Norm);
        }

        if (measured is { } figures)
        {
            writer.WriteNumber("seconds", figures.Seconds);
            writer.WriteNumber("peakMemoryMegabytes", figures.Megabytes);
        }

        writer.WriteString("tree", tensor.Tree?.ToString());
        WriteSingularValues(writer);
        TensorListing.Write(writer, "cores", Rows);
        writer.WriteEndObject();
    }

    public void Print(IAnsiConsole console)
    {
        List<NamedValue> figures =
        [
            new("format", $"{TensorFormats.Name(tensor.Format)}, {Words.Modes(tensor.ModeSizes)}"),
            new("numbers", $"{Words.Count(tensor.StoredNumbers)} of {tensor.DenseNumbers:N0}, ratio {Words.Ratio(Ratio)}"),
        ];
        if (tensor.Report is { } report) figures.Add(new("error within", $"{Figure(report.RelativeErrorLowerBound)} to {Figure(report.RelativeErrorUpperBound)} of the norm {Figure(report.Norm)}"));
        if (measured is { } known)
        {
            figures.Add(new("error measured", known.Error is { } error ? $"{Figure(RelativeError ?? 0)} of the norm, {Figure(error)}" : "not of a file this long; --measure reads it once more"));
            figures.Add(new("seconds", string.Create(CultureInfo.InvariantCulture, $"{known.Seconds:F2}, {known.Megabytes:F0} MB at most")));
        }

        ResultTables.Figures(console, figures);
        if (tensor.Tree is { } root) console.Write(Drawn(root));
        TensorListing.Print(console, "cores", Rows);
    }

    /// <summary>Of a tree leaf frames by mode and inner nodes by their modes; of a train each bond by the modes left of it; of Tucker each mode.</summary>
    private void WriteRanks(Utf8JsonWriter writer)
    {
        var isLeaf = tensor.Format == TensorFormat.TensorTrain ? _ => false : (Func<TensorCore, bool>)(core => core.Name[0] == 'U');
        writer.WriteStartObject("ranks");
        writer.WriteList("leaf", tensor.Cores.Where(isLeaf).OrderBy(core => int.Parse(core.Node, CultureInfo.InvariantCulture)).Select(core => core.Rank));
        writer.WriteStartObject("inner");
        foreach (var core in tensor.Cores.Where(core => !isLeaf(core)).SkipLast(1)) writer.WriteNumber(core.Node, core.Rank);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteSingularValues(Utf8JsonWriter writer)
    {
        if (tensor.Report is not { } report) return;
        writer.WriteStartObject("singularValues");
        foreach (var node in report.Nodes)
        {
            writer.WriteStartArray(node.Node);
            foreach (var value in node.Kept.Concat(node.Dropped)) writer.WriteNumberValue(value);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private Tree Drawn(DimensionTree root)
    {
        var tree = new Tree(ResultTables.Cell(Label(root)));
        if (!root.IsLeaf)
        {
            Add(tree, root.Left!);
            Add(tree, root.Right!);
        }

        return tree;

        void Add(IHasTreeNodes parent, DimensionTree node)
        {
            var added = parent.AddNode(ResultTables.Cell(Label(node)));
            if (node.IsLeaf) return;
            Add(added, node.Left!);
            Add(added, node.Right!);
        }
    }

    private string Label(DimensionTree node)
    {
        var core = tensor.Cores.First(held => held.Node == node.Key);
        var mode = node.IsLeaf ? $" n {tensor.ModeSizes[node.Modes[0]]}," : "";
        return $"{{{node.Key}}}{mode} rank {core.Rank}, {core.Name} [{string.Join(", ", core.Values.Shape)}]";
    }

    private static string Figure(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
