using System.Text;
using System.Text.Json;

namespace HTensor.Bench;

/// <summary>A finished run, a line of an experiment's file.</summary>
internal sealed record ExperimentResult(ExperimentJob Job)
{
    /// <summary>Of the search: accuracy after the last epoch, or the least negative log-likelihood; NaN where nothing was held back.</summary>
    public double Validation { get; init; } = double.NaN;

    /// <summary>Of the final runs; NaN in the search.</summary>
    public double Test { get; init; } = double.NaN;

    public double TrainLoss { get; init; } = double.NaN;

    public long InputParameters { get; init; }

    public long CellParameters { get; init; }

    public double Seconds { get; init; }

    public string WeightsSha256 { get; init; } = "";

    /// <summary>Why there is no figure, such as a loss that was not finite; empty: there is one.</summary>
    public string Failure { get; init; } = "";

    public string Write()
    {
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var (name, text) in (ReadOnlySpan<(string, string)>)[
                ("experiment", Job.Experiment), ("row", Job.Row), ("stage", Job.Stage.ToString()), ("settings", Job.Settings), ("arguments", Job.Arguments), ("initialization", Job.Initialization)])
                writer.WriteString(name, text);
            Number(writer, "validation", Validation);
            Number(writer, "test", Test);
            Number(writer, "trainLoss", TrainLoss);
            writer.WriteNumber("inputParameters", InputParameters);
            writer.WriteNumber("cellParameters", CellParameters);
            writer.WriteNumber("seconds", Math.Round(Seconds, 2));
            writer.WriteString("weightsSha256", WeightsSha256);
            if (Failure.Length > 0) writer.WriteString("failure", Failure);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }

    /// <exception cref="InvalidDataException">The line is none.</exception>
    public static ExperimentResult Read(string line, string where)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return new ExperimentResult(new ExperimentJob(Text("experiment"), Text("row"), Enum.Parse<JobStage>(Text("stage")), Text("settings"), Text("arguments"), Text("initialization")))
            {
                Validation = Real("validation"),
                Test = Real("test"),
                TrainLoss = Real("trainLoss"),
                InputParameters = root.GetProperty("inputParameters").GetInt64(),
                CellParameters = root.GetProperty("cellParameters").GetInt64(),
                Seconds = Real("seconds"),
                WeightsSha256 = Text("weightsSha256"),
                Failure = root.TryGetProperty("failure", out var failure) ? failure.GetString()! : "",
            };

            string Text(string name) => root.GetProperty(name).GetString()!;
            double Real(string name) => root.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : double.NaN;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{where}: expected a finished run, found {line}", exception);
        }
    }

    private static void Number(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value)) writer.WriteNumber(name, value);
        else writer.WriteNull(name);
    }
}
