using System.Text.Json;
using HTensor.Rnn;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>What <c>compress</c> did: the keys of its JSON, and tables for people.</summary>
internal sealed record CompressionSummary(SequenceClassifier Model, CompressionReport Report, double Seconds, string Out)
{
    /// <summary>Numbers of the matrices that were compressed, dense by stored.</summary>
    private double Ratio => (double)Report.DenseParameters / Report.Parameters;

    private IReadOnlyList<LayerMatrix> Matrices => ModelStructure.Matrices(Model);

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("format", Matrices[0].Format.Name);
        writer.WriteString("recurrentFormat", Model.Options.Coupling == WeightCoupling.Joint ? "joint" : Matrices[1].Format.Name);
        CountFigures.Write(writer, Report.Counts);
        writer.WriteNumber("compressedParameters", Report.Parameters);
        writer.WriteNumber("denseCompressedParameters", Report.DenseParameters);
        writer.WriteFinite("compressionRatio", Ratio);
        writer.WriteFinite("relativeErrorOfWeights", Report.RelativeErrorOfWeights);
        if (Report.RelativeErrorOfOutputs is not null) writer.WriteFinite("relativeErrorOfOutputs", Report.RelativeErrorOfOutputs);
        writer.WriteStartArray("matrices");
        foreach (var matrix in Report.Matrices) Write(writer, matrix);
        writer.WriteEndArray();
        writer.WriteFinite("secondsTotal", Seconds);
        writer.WriteString("weightsSha256", Model.Parameters.Sha256());
        writer.WriteString("out", Out);
        writer.WriteEndObject();
    }

    public void Print(IAnsiConsole console)
    {
        var table = ResultTables.Make("matrix", "stored", "dense", "ratio", "error");
        foreach (var matrix in Report.Matrices)
        {
            table.AddRow(ResultTables.Cell($"{matrix.Matrix.Name}: {matrix.Matrix.Format.Name}, {matrix.Matrix.Format.Settings}{Padding(matrix)}"), ResultTables.Cell(Words.Count(matrix.Parameters)),
                ResultTables.Cell(Words.Count(matrix.DenseParameters)), ResultTables.Cell(Words.Ratio((double)matrix.DenseParameters / matrix.Parameters)), ResultTables.Cell(Words.Fixed(matrix.RelativeError, 4)));
        }

        console.Write(table);
        ResultTables.Parameters(console, CountFigures.Rows(Matrices[0].Format.Name, Report.Counts));
        ResultTables.Figures(console,
        [
            new("error of the weights", $"{Words.Fixed(Report.RelativeErrorOfWeights, 4)}, relative, all compressed matrices"),
            .. Report.RelativeErrorOfOutputs is { } outputs ? [new("error of the outputs", $"{Words.Fixed(outputs, 4)}, relative, the last layer's states")] : Array.Empty<NamedValue>(),
            new("time", Words.Fixed(Seconds, 1) + " s"),
            new("model", Out),
        ]);
    }

    private static string Padding(MatrixCompression matrix) => matrix.Padding == 0 ? "" : $", {matrix.Padding} rows of padding ({Words.Fixed(100.0 * matrix.Padding / matrix.Rows, 1)} %)";

    private static void Write(Utf8JsonWriter writer, MatrixCompression matrix)
    {
        writer.WriteStartObject();
        writer.WriteString("name", matrix.Matrix.Name);
        writer.WriteString("format", matrix.Matrix.Format.Name);
        writer.WriteString("settings", matrix.Matrix.Format.Settings);
        writer.WriteNumber("parameters", matrix.Parameters);
        writer.WriteNumber("denseParameters", matrix.DenseParameters);
        writer.WriteNumber("padding", matrix.Padding);
        writer.WriteFinite("relativeError", matrix.RelativeError);
        if (matrix.RelativeErrorOfProducts is not null) writer.WriteFinite("relativeErrorOfProducts", matrix.RelativeErrorOfProducts);
        writer.WriteEndObject();
    }
}
