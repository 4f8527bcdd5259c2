using System.Text.Json;
using HTensor.Core;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>
/// A contraction plan over a batch of samples as <c>plan</c> shows it: figures are a sample's, weight-only products shared by the batch.
/// </summary>
internal sealed record PlanSummary(ContractionPlan Plan, int Batch)
{
    private const int BytesAnElement = sizeof(float);

    public double MultiplyAdds => Plan.MultiplyAdds / Batch;

    /// <summary>Bytes that the steps read and write, in single precision.</summary>
    public double Bytes => Plan.ElementsMoved * BytesAnElement / Batch;

    /// <summary>Elements of the largest intermediate of the whole batch.</summary>
    public double LargestIntermediate => Plan.LargestIntermediate;

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("objective", Objective);
        writer.WriteNumber("batch", Batch);
        writer.WriteFinite("multiplyAdds", MultiplyAdds);
        writer.WriteFinite("bytes", Bytes);
        writer.WriteFinite("largestIntermediate", LargestIntermediate);
        writer.WriteStartArray("steps");
        foreach (var step in Plan.Steps)
        {
            writer.WriteStartObject();
            writer.WriteString("product", Plan.Describe(step));
            writer.WriteFinite("multiplyAdds", step.MultiplyAdds / Batch);
            writer.WriteFinite("bytes", Plan.ElementsMovedBy(step) * BytesAnElement / Batch);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Prints the plan, and in one line the plan of the other objective beside it.</summary>
    public void Print(CommandIo io, PlanSummary other)
    {
        io.Say($"plan by {Objective}, {Batch} samples; multiply-adds and bytes a sample");
        var table = ResultTables.Make("product", "multiply-adds", "bytes");
        for (var i = 0; i < Plan.Steps.Count; i++)
        {
            var step = Plan.Steps[i];
            table.AddRow(ResultTables.Cell($"t{i} = {Plan.Describe(step)}"), ResultTables.Cell(Words.Count(step.MultiplyAdds / Batch)),
                ResultTables.Cell(Words.Count(Plan.ElementsMovedBy(step) * BytesAnElement / Batch)));
        }

        foreach (var column in table.Columns) column.Padding(0, 1);
        io.Console.Write(table);
        ResultTables.Figures(io.Console,
        [
            new("multiply-adds", Words.Count(MultiplyAdds)),
            new($"by {other.Objective}", Words.Count(other.MultiplyAdds)),
            new("bytes", Words.Count(Bytes)),
            new("largest intermediate", Words.Count(LargestIntermediate) + " elements"),
        ]);
    }

    private string Objective => Plan.Objective == PlanObjective.Time ? "time" : "multiply-adds";
}
