using System.Text.Json;

namespace HTensor.Cli;

/// <summary>A line of metrics.jsonl.</summary>
internal static class MetricsLine
{
    public static string Write(EpochMetrics metrics) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("epoch", metrics.Epoch);
        writer.WriteFinite("trainLoss", metrics.TrainLoss);
        writer.WriteFinite("validationLoss", metrics.ValidationLoss);
        writer.WriteFinite("validationAccuracy", metrics.ValidationAccuracy);
        writer.WriteFinite("seconds", metrics.Seconds);
        writer.WriteEndObject();
    });

    /// <exception cref="InvalidDataException">The line is no epoch; <paramref name="where"/> says which line.</exception>
    public static EpochMetrics Read(string line, string where)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return new(
                root.GetProperty("epoch").GetInt32(),
                Number(root, "trainLoss") ?? double.NaN,
                Number(root, "validationLoss"),
                Number(root, "validationAccuracy"),
                Number(root, "seconds") ?? 0);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{where}: expected an epoch's metrics, found {line}", exception);
        }
    }

    private static double? Number(JsonElement root, string name) =>
        root.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.GetDouble() : null;
}
