using System.Globalization;
using System.Text;
using System.Text.Json;
using HTensor.Core;

namespace HTensor.Cli;

/// <summary>
/// The folder of one run: config.json (what was asked and what was trained), metrics.jsonl (a line an epoch), model.safetensors (the best),
/// checkpoint.safetensors (the last), report.html, result.json (what came of it).
/// </summary>
internal sealed class RunFolder
{
    private const string DefaultParent = "runs";

    private RunFolder(string path) => Path = path;

    public string Path { get; }

    public string ConfigPath => In("config.json");

    public string MetricsPath => In("metrics.jsonl");

    public string ModelPath => In("model.safetensors");

    public string CheckpointPath => In("checkpoint.safetensors");

    public string ReportPath => In("report.html");

    /// <summary>What <c>train --json</c> prints, kept for comparisons.</summary>
    public string ResultPath => In("result.json");

    /// <summary>
    /// Makes the folder of a new run, with empty metrics, before any work is done. Files of an earlier run at the same place are replaced.
    /// </summary>
    /// <param name="path">The folder, or null for <c>runs/</c> and the time.</param>
    /// <exception cref="RequestException">The folder cannot be written.</exception>
    public static RunFolder Create(string? path, TimeProvider clock)
    {
        var time = clock.GetLocalNow().ToString("yyyy-MM-dd_HH-mm-ss", CultureInfo.InvariantCulture);
        var folder = new RunFolder(path ?? Unused(System.IO.Path.Combine(DefaultParent, time)));
        try
        {
            Directory.CreateDirectory(folder.Path);
            // config.json goes first: without it nothing that is left of an earlier run can be gone on with.
            foreach (var file in (string[])[folder.ConfigPath, folder.ModelPath, folder.CheckpointPath, folder.ReportPath, folder.ResultPath])
            {
                // Opening for writing finds a file that may not be replaced now, not after the training.
                using (new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write)) { }
                File.Delete(file);
            }

            File.WriteAllText(folder.MetricsPath, "");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new RequestException($"--out {folder.Path}: expected a folder that can be written, found: {OneLine.Of(exception)}", exception);
        }

        return folder;
    }

    /// <summary>An earlier run's folder, rid of files that it was writing when it was killed.</summary>
    /// <exception cref="RequestException">It is not there, or holds no config.json.</exception>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(path);
        if (!File.Exists(folder.ConfigPath)) throw new RequestException($"run {path}: expected config.json, found none");
        foreach (var begun in Directory.GetFiles(path, "*.tmp")) File.Delete(begun);
        return folder;
    }

    /// <summary>False where a run was ended before it could write one.</summary>
    public bool HasCheckpoint => File.Exists(CheckpointPath);

    /// <summary>The model file that a MODEL argument names: itself, or the best model of the run folder that it is.</summary>
    /// <exception cref="RequestException">The folder holds no model.</exception>
    public static string ResolveModel(string path)
    {
        if (!Directory.Exists(path)) return path;
        var model = new RunFolder(path).ModelPath;
        return File.Exists(model) ? model : throw new RequestException($"run {path}: expected model.safetensors, found none");
    }

    /// <summary>config.json of the run folder that a MODEL argument names; null where it names a file, or a folder without one.</summary>
    public static string? FindConfig(string path) => new RunFolder(path).ConfigPath is var config && File.Exists(config) ? config : null;

    public void WriteConfig(Action<Utf8JsonWriter> write) => OutputFile.Write(ConfigPath, file =>
    {
        using var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        write(writer);
    });

    /// <summary>Adds an epoch's line, so that a run can be watched and a broken one keeps what it had.</summary>
    public void AppendMetrics(EpochMetrics metrics) => File.AppendAllText(MetricsPath, MetricsLine.Write(metrics) + "\n");

    /// <summary>The epochs so far.</summary>
    /// <exception cref="InvalidDataException">A line is no epoch.</exception>
    public IReadOnlyList<EpochMetrics> ReadMetrics()
    {
        if (!File.Exists(MetricsPath)) return [];
        var text = File.ReadAllText(MetricsPath);
        // What follows the last line break was being written when the process ended.
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select((line, index) => MetricsLine.Read(line, $"{MetricsPath}, line {index + 1}"))];
    }

    /// <summary>Drops the epochs after <paramref name="lastEpoch"/>: those that a resumed run does again.</summary>
    public void KeepMetrics(int lastEpoch)
    {
        var kept = ReadMetrics().Where(metrics => metrics.Epoch <= lastEpoch).Select(metrics => MetricsLine.Write(metrics) + "\n");
        Write(MetricsPath, string.Concat(kept));
    }

    public void WriteResult(string json) => Write(ResultPath, json + "\n");

    public void WriteReport(string html) => Write(ReportPath, html);

    private static void Write(string path, string text) => OutputFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));

    // Two runs may start in the same second.
    private static string Unused(string path)
    {
        var unused = path;
        for (var i = 2; Directory.Exists(unused); i++) unused = string.Create(CultureInfo.InvariantCulture, $"{path}-{i}");
        return unused;
    }

    private string In(string file) => System.IO.Path.Combine(Path, file);
}
