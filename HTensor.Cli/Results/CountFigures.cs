using System.Text.Json;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>Stored numbers beside those of dense matrices, under the same keys and names wherever a model is shown.</summary>
internal static class CountFigures
{
    /// <summary>The properties alone, into an object that has others too.</summary>
    public static void Write(Utf8JsonWriter writer, ParameterCounts counts)
    {
        writer.WriteNumber("inputParameters", counts.Input);
        writer.WriteNumber("denseInputParameters", counts.DenseInput);
        writer.WriteFinite("inputCompressionRatio", (double)counts.DenseInput / counts.Input);
        writer.WriteNumber("cellParameters", counts.Cell);
        writer.WriteNumber("denseCellParameters", counts.DenseCell);
        writer.WriteFinite("cellCompressionRatio", (double)counts.DenseCell / counts.Cell);
        writer.WriteNumber("modelParameters", counts.Model);
    }

    public static IReadOnlyList<ParameterRow> Rows(string format, ParameterCounts counts) =>
    [
        new($"input matrix ({format})", counts.Input, counts.DenseInput),
        new("cell: input, recurrent, bias", counts.Cell, counts.DenseCell),
        new("model", counts.Model, null),
    ];
}
