using System.Diagnostics;
using System.Globalization;

namespace HTensor.Bench;

/// <summary>A library of Python in a process of its own, which times itself: what passes between the processes is not in its figures.</summary>
internal sealed class PythonPeer : IDisposable
{
    // Debian's own: another python3 does not see its packages.
    private const string Python = "/usr/bin/python3";

    private readonly Process _process;

    private PythonPeer(Process process, string version) => (_process, Version) = (process, version);

    public string Version { get; }

    /// <param name="script">Prints its library's version, then for each line "calls work" the seconds of one call.</param>
    /// <param name="threads">Threads of the library.</param>
    public static PythonPeer? TryStart(string script, int threads)
    {
        if (!File.Exists(Python)) return null;
        var start = new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, script), threads.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Debian's libraries multiply by OpenBLAS, which has threads and a core type of its own.
        start.Environment["OPENBLAS_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        if (OpenBlas.FairCore is { } core) start.Environment.TryAdd(OpenBlas.CoreVariable, core);
        var process = Process.Start(start)!;
        if (process.StandardOutput.ReadLine() is { } version) return new(process, version);
        process.Dispose();
        return null;
    }

    /// <summary>Seconds of one call, of as many in a row.</summary>
    public double Seconds(string work, int calls)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{calls} {work}"));
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"Python ended at: {work}");
        return double.Parse(line, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
