using System.Diagnostics;

namespace HTensor.Tests;

/// <summary>The tool as a process of its own, which can be sent signals.</summary>
internal sealed class ToolProcess : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _output, _error;

    private ToolProcess(Process process)
    {
        _process = process;
        (_output, _error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    public static ToolProcess Start(params IReadOnlyList<string> arguments) => Start(null, arguments);

    /// <summary>Where the tool looks for programs is <paramref name="programs"/> alone.</summary>
    public static ToolProcess Start(string? programs, IReadOnlyList<string> arguments)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] all = [Path.Combine(AppContext.BaseDirectory, "htensor.dll"), .. arguments];
        var start = new ProcessStartInfo(host, all) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (programs is not null) start.Environment["PATH"] = programs;
        return new ToolProcess(Process.Start(start)!);
    }

    /// <summary>Waits for a time, then sends SIGKILL; false where the process had ended by then.</summary>
    public bool KillAfter(TimeSpan time)
    {
        if (_process.WaitForExit(time)) return false;
        _process.Kill();
        _process.WaitForExit();
        return _process.ExitCode == 128 + 9;
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public (int ExitCode, string Output, string Error) End()
    {
        Assert.True(_process.WaitForExit(Longest), "the tool hangs");
        return (_process.ExitCode, _output.GetAwaiter().GetResult(), _error.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
