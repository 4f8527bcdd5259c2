using System.Diagnostics;

namespace HTensor.Tests.Fuzzing;

/// <summary>
/// Mutated files: each loads or is refused by one <see cref="InvalidDataException"/> of one line, without a hang and without an allocation
/// beyond twice the file and 64 MB. A hundred thousand of each kind:
/// <c>dotnet test -c Release -- --explicit only --filter-method "*Hundred_thousand*"</c>.
/// </summary>
public sealed class FuzzingTests(ITestOutputHelper output) : IDisposable
{
    private const long Slack = 64 << 20;
    private const int LongestLine = 4000;

    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(1);

    private readonly TempFolder _folder = new();
    private int _done, _loaded;

    public static TheoryData<string> Kinds => ["npy", "npz", "mapped", "csv", "model", "checkpoint", "pytorch", "keras", "onnx"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Hundreds_of_mutated_files_load_or_are_refused(string kind) => Fuzz(kind, 300, seed: 1);

    [Theory(Explicit = true)]
    [MemberData(nameof(Kinds))]
    public void Hundred_thousand_mutated_files_load_or_are_refused(string kind) => Fuzz(kind, 100_000, Environment.TickCount);

    private void Fuzz(string name, int files, int seed)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Catch(() => Run(FileKind.Of(name), files, new Random(seed)))) { IsBackground = true };
        var start = Stopwatch.GetTimestamp();
        thread.Start();
        for (var seen = -1; !thread.Join(Hang); seen = Volatile.Read(ref _done))
            Assert.True(Volatile.Read(ref _done) != seen, $"{name}, seed {seed}, file {seen}: hangs");
        Assert.True(failure is null, $"{name}, seed {seed}, file {_done}, kept as {Kept(failure is not null, name)}: {failure}");
        output.WriteLine($"{name}, seed {seed}: {files} files, {_loaded} loaded, {files - _loaded} refused, {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
    }

    private void Run(FileKind kind, int files, Random random)
    {
        kind.Good(_folder);
        byte[][] good = [.. Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        var mutation = new Mutation(random);
        var path = _folder.File("mutated");
        foreach (var file in good) Judge(kind, path, file, mustLoad: true);
        while (_done < files)
        {
            var (file, other) = (Pick(), Pick());
            Judge(kind, path, random.Next(2) == 0 ? mutation.Of(file, other) : kind.Inside(file, inner => mutation.Of(inner, other), random), mustLoad: false);
            _done++;
        }

        byte[] Pick() => [.. good[random.Next(good.Length)]];
    }

    private void Judge(FileKind kind, string path, byte[] bytes, bool mustLoad)
    {
        File.WriteAllBytes(path, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Catch(() => kind.Read(path));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > 2L * bytes.Length + Slack) throw new InvalidOperationException($"{allocated} bytes allocated for a file of {bytes.Length}", exception);
        if (exception is null) _loaded++;
        else if (mustLoad || exception is not InvalidDataException || !IsOneLine(exception.Message, path)) throw new InvalidOperationException("it is no clear refusal", exception);
    }

    private static bool IsOneLine(string message, string path) =>
        message.StartsWith(path, StringComparison.Ordinal) && message.Length - path.Length <= LongestLine && !message.Any(char.IsControl);

    private string Kept(bool failed, string name)
    {
        var kept = Path.Combine(Path.GetTempPath(), $"htensor-fuzz-{name}");
        if (failed) File.Copy(_folder.File("mutated"), kept, overwrite: true);
        return kept;
    }

    private static Exception? Catch(Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
