using System.Text.Json;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>One stored tensor.</summary>
internal sealed record TensorRow(string Name, string Type, IReadOnlyList<int> Shape)
{
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>The tensors of a file that is no model.</summary>
internal sealed record TensorListing(string Format, IReadOnlyList<TensorRow> Tensors)
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("format", Format);
        writer.WriteNumber("storedNumbers", Tensors.Sum(tensor => tensor.Count));
        Write(writer, "tensors", Tensors);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, string key, IEnumerable<TensorRow> tensors)
    {
        writer.WriteStartArray(key);
        foreach (var tensor in tensors)
        {
            writer.WriteStartObject();
            writer.WriteString("name", tensor.Name);
            writer.WriteString("type", tensor.Type);
            writer.WriteList("shape", tensor.Shape);
            writer.WriteNumber("count", tensor.Count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public void Print(IAnsiConsole console) => Print(console, Format, Tensors);

    public static void Print(IAnsiConsole console, string heading, IEnumerable<TensorRow> tensors)
    {
        var table = ResultTables.Make(heading, "type", "shape", "numbers");
        foreach (var tensor in tensors)
        {
            table.AddRow(ResultTables.Cell(tensor.Name), ResultTables.Cell(tensor.Type),
                ResultTables.Cell($"[{string.Join(", ", tensor.Shape)}]"), ResultTables.Cell(Words.Count(tensor.Count)));
        }

        console.Write(table);
    }
}
