namespace HTensor.Bench;

/// <summary>
/// The finished runs of an experiment, one JSON line each, in the order in which they ended. A line is written when its run is done, so a process that is killed loses the
/// runs under way and no more; lines made elsewhere by the same code may be appended by hand.
/// </summary>
internal sealed class ResultLog
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly Dictionary<string, ExperimentResult> _byKey = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">A whole line is no run.</exception>
    public ResultLog(string path)
    {
        _path = path;
        if (!File.Exists(path)) return;
        var text = File.ReadAllText(path);
        // What follows the last line break was being written when a process ended: the next line must not be glued to it.
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        if (whole.Length < text.Length) File.WriteAllText(path, whole);
        var lines = whole.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < lines.Length; i++) Keep(ExperimentResult.Read(lines[i], $"{path}, line {i + 1}"));
    }

    public IReadOnlyCollection<ExperimentResult> All => _byKey.Values;

    public ExperimentResult? Find(ExperimentJob job)
    {
        lock (_lock) return _byKey.GetValueOrDefault(job.Key);
    }

    public void Add(ExperimentResult result)
    {
        lock (_lock)
        {
            Keep(result);
            File.AppendAllText(_path, result.Write() + "\n");
        }
    }

    private void Keep(ExperimentResult result) => _byKey[result.Job.Key] = result;
}
