using System.Text.Json;
using HTensor.Rnn;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>A published setting: the object of <c>presets --json</c>.</summary>
/// <param name="Name">As <c>--preset</c> takes it.</param>
/// <param name="Scope"><c>input</c>: the input matrix alone; <c>cell</c>: input, recurrent and bias.</param>
/// <param name="Ranks">In words: leaf 4, inner 5.</param>
/// <param name="Parameters">Counted from the format's own cores.</param>
/// <param name="PrintedParameters">As the paper prints it; null where it prints none.</param>
internal sealed record PresetRow(string Name, string Scope, string Format, IReadOnlyList<int> InputModes, IReadOnlyList<int> OutputModes,
    string Ranks, long Parameters, long DenseParameters, long? PrintedParameters)
{
    public double Ratio => (double)DenseParameters / Parameters;

    public static PresetRow Of(Preset preset)
    {
        var modes = preset.Input().Network.Modes;
        return new PresetRow(preset.Name, preset.Scope == PresetScope.Input ? "input" : "cell", preset.Format.Name, modes.Inputs, modes.Outputs,
            preset.Format.Settings, preset.Parameters, preset.DenseParameters, preset.PrintedParameters);
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", Name);
        writer.WriteString("scope", Scope);
        writer.WriteString("format", Format);
        writer.WriteList("inputModes", InputModes);
        writer.WriteList("outputModes", OutputModes);
        writer.WriteString("ranks", Ranks);
        writer.WriteNumber("parameters", Parameters);
        writer.WriteNumber("denseParameters", DenseParameters);
        writer.WriteFinite("ratio", Ratio);
        writer.WriteFinite("printedParameters", PrintedParameters);
        writer.WriteEndObject();
    }

    /// <summary>Prints the rows, as JSON or as a table.</summary>
    public static void WriteAll(CommandIo io, IReadOnlyList<PresetRow> rows)
    {
        io.WriteJson(writer =>
        {
            writer.WriteStartArray();
            foreach (var row in rows) row.WriteTo(writer);
            writer.WriteEndArray();
        });
        if (!io.Json) io.Console.Write(Table(rows));
    }

    private static Table Table(IReadOnlyList<PresetRow> rows)
    {
        var table = ResultTables.Make("preset", "of", "modes", "parameters", "printed", "ratio");
        foreach (var row in rows)
        {
            table.AddRow(ResultTables.Cell(row.Name), ResultTables.Cell(row.Scope),
                ResultTables.Cell($"{Words.Modes(row.InputModes)}\n{Words.Modes(row.OutputModes)}"),
                ResultTables.Cell(Words.Count(row.Parameters)),
                ResultTables.Cell(row.PrintedParameters is { } printed ? Words.Count(printed) : ""),
                ResultTables.Cell(Words.Ratio(row.Ratio)));
        }

        foreach (var column in table.Columns) column.Padding(0, 1);
        return table;
    }
}
