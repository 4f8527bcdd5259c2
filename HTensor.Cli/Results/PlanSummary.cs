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
        WriteProperties(writer);
        writer.WriteEndObject();
    }

    /// <summary>The properties alone, into an object that has others too.</summary>
    public void WriteProperties(Utf8JsonWriter writer)
    {
        writer.WriteString("objective", Objective);
        writer.WriteBoolean("exact", IsExact);
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
            writer.WriteFinite("bytes", BytesOf(step));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Prints the plan, then the plan by the other objective, then the figures of both side by side.</summary>
    public void Print(CommandIo io, PlanSummary other)
    {
        PrintSteps(io);
        if (Plan.ToString() == other.Plan.ToString()) io.Say($"plan by {other.Objective}: the same");
        else other.PrintSteps(io);
        var table = ResultTables.Make($"{Batch} samples", $"by {Objective}", $"by {other.Objective}");
        AddRow("multiply-adds a sample", MultiplyAdds, other.MultiplyAdds);
        AddRow("bytes a sample", Bytes, other.Bytes);
        AddRow("largest intermediate, elements of the batch", LargestIntermediate, other.LargestIntermediate);
        io.Console.Write(table);

        void AddRow(string name, double own, double others) =>
            table.AddRow(ResultTables.Cell(name), ResultTables.Cell(Words.Count(own)), ResultTables.Cell(Words.Count(others)));
    }

    private void PrintSteps(CommandIo io)
    {
        io.Say($"plan by {Objective}{(Plan.Objective == PlanObjective.Time ? ", which training runs" : "")}; multiply-adds and bytes a sample");
        if (!IsExact) io.Say($"chosen pair by pair: {Plan.Network.Operands.Count} operands, all orders are tried up to {ContractionPlanner.ExactLimit}");
        var table = ResultTables.Make("product", "multiply-adds", "bytes");
        for (var i = 0; i < Plan.Steps.Count; i++)
        {
            var step = Plan.Steps[i];
            table.AddRow(ResultTables.Cell($"t{i} = {Plan.Describe(step)}"), ResultTables.Cell(Words.Count(step.MultiplyAdds / Batch)),
                ResultTables.Cell(Words.Count(BytesOf(step))));
        }

        foreach (var column in table.Columns) column.Padding(0, 1);
        io.Console.Write(table);
    }

    private double BytesOf(ContractionStep step) => Plan.ElementsMovedBy(step) * BytesAnElement / Batch;

    /// <summary>Whether the planner tried every order; with more operands it takes pairs greedily.</summary>
    private bool IsExact => Plan.Network.Operands.Count <= ContractionPlanner.ExactLimit;

    private string Objective => Plan.Objective == PlanObjective.Time ? "time" : "multiply-adds";
}
