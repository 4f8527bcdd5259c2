using System.Text.Json;

namespace HTensor.Cli;

/// <summary>
/// The request of a run that goes on: the one it was started with. Options may be said again but not changed, but for those on which the
/// result does not depend.
/// </summary>
internal static class ResumedRequest
{
    private static readonly string[] Free = ["threads", "checkpoint-every"];

    /// <exception cref="RequestException">An option contradicts the run's.</exception>
    /// <exception cref="InvalidDataException">config.json is not one.</exception>
    public static TrainRequest Of(TrainRequest given, RunFolder run)
    {
        if (given.Out is not null && Path.GetFullPath(given.Out) != Path.GetFullPath(run.Path))
            throw new RequestException($"--out {given.Out}: expected none, a resumed run goes on in its own folder {run.Path}");
        var started = TrainingConfig.ReadRequest(run.ConfigPath);
        using var options = JsonDocument.Parse(JsonText.Of(writer => RequestJson.Write(writer, given)));
        foreach (var option in options.RootElement.EnumerateObject())
        {
            var known = started.TryGetProperty(option.Name, out var value) ? value.ToString() : null;
            if (Free.Contains(option.Name) || known == option.Value.ToString()) continue;
            var name = option.Name == "data" ? "DATA" : $"--{option.Name}";
            throw new RequestException($"{name}: expected {known ?? "none"}, as run {run.Path} was started, found {option.Value}");
        }

        var request = RequestJson.Read(started);
        return request with { Threads = given.Threads ?? request.Threads, CheckpointEvery = given.CheckpointEvery ?? request.CheckpointEvery, Resume = given.Resume };
    }
}
