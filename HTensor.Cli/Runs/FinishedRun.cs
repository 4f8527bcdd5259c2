using System.Globalization;
using System.Text.Json;

namespace HTensor.Cli;

/// <summary>A run that has ended, as its folder has it.</summary>
/// <param name="Name">The folder's, short.</param>
/// <param name="Result">result.json.</param>
/// <param name="Settings">What config.json resolved, single values alone.</param>
/// <param name="Epochs">metrics.jsonl.</param>
internal sealed record FinishedRun(string Name, JsonElement Result, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<EpochMetrics> Epochs)
{
    private static readonly string[] Tests = ["testAccuracy", "testNll", "testSquaredError"];

    /// <exception cref="RequestException">It is no run folder, or its training has not ended.</exception>
    public static FinishedRun Read(string path)
    {
        var folder = RunFolder.Open(path);
        if (!File.Exists(folder.ResultPath)) throw new RequestException($"run {path}: expected result.json, which a run has at its end, found none; htensor train --resume {path} goes on");
        return new FinishedRun(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), Parsed(folder.ResultPath), Scalars(Parsed(folder.ConfigPath)), folder.ReadMetrics());
    }

    public string Text(string key) => Result.TryGetProperty(key, out var value) ? value.ToString() : "";

    public double? Number(string key) => Result.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>The test figure in words.</summary>
    public string Test => Tests.Select(key => (key, value: Number(key))).Where(pair => pair.value is not null)
        .Select(pair => pair.key == "testAccuracy" ? ProgressText.Percent(pair.value!.Value) : Words.Fixed(pair.value!.Value, 3)).FirstOrDefault("");

    /// <summary>The best validation in words.</summary>
    public string Validation => Epochs.Max(epoch => epoch.ValidationAccuracy) is { } accuracy ? ProgressText.Percent(accuracy)
        : Epochs.Min(epoch => epoch.ValidationLoss) is { } loss ? Words.Fixed(loss, 3) : "";

    public string Count(string key) => Number(key) is { } number ? Words.Count(number) : "";

    public string Ratio(string key) => Number(key) is { } number ? Words.Ratio(number) : "";

    private static JsonElement Parsed(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new RequestException($"{path}: {exception.Message}", exception);
        }

        throw new RequestException($"{path}: expected an object, found none");
    }

    private static Dictionary<string, string> Scalars(JsonElement config) => !config.TryGetProperty("resolved", out var resolved) || resolved.ValueKind != JsonValueKind.Object
        ? []
        : resolved.EnumerateObject().Where(member => member.Name is not ("plan" or "classes")).ToDictionary(member => member.Name, member => member.Value.ValueKind == JsonValueKind.Array
            ? string.Join(',', member.Value.EnumerateArray().Select(item => string.Create(CultureInfo.InvariantCulture, $"{item}")))
            : member.Value.ToString());
}
