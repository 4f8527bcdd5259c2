using System.Text.Json;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>What an evaluation came to: the keys of <c>evaluate --json</c>.</summary>
internal sealed record EvaluateSummary
{
    /// <summary>Samples, or for a next-step predictor steps, of the test split.</summary>
    public required long Count { get; init; }

    /// <summary>A classifier's; null for a next-step predictor.</summary>
    public ConfusionMatrix? Confusion { get; init; }

    /// <summary>Nats a step, of a next-step predictor.</summary>
    public double? TestNll { get; init; }

    /// <summary>Of a regression.</summary>
    public double? TestSquaredError { get; init; }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (TestSquaredError is not null) writer.WriteFinite("testSquaredError", TestSquaredError);
        else if (Confusion is null) writer.WriteFinite("testNll", TestNll);
        else writer.WriteFinite("testAccuracy", Confusion.Accuracy);
        writer.WriteNumber("count", Count);
        if (Confusion is not null)
        {
            writer.WriteStartArray("classes");
            foreach (var name in Confusion.ClassNames) writer.WriteStringValue(name);
            writer.WriteEndArray();
            writer.WritePropertyName("confusion");
            Confusion.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    public void Print(IAnsiConsole console)
    {
        Confusion?.Print(console);
        ResultTables.Figures(console,
        [
            TestSquaredError is { } error ? new("test squared error", Words.Number(error))
                : Confusion is null ? new("test negative log-likelihood", Words.Fixed(TestNll ?? double.NaN, 3))
                : new("test accuracy", ProgressText.Percent(Confusion.Accuracy)),
            new("count", Words.Count(Count)),
        ]);
    }
}
