namespace HTensor.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The request was right and the work failed.</summary>
    public const int RunFailed = 1;

    /// <summary>The request was wrong: an unknown option, a missing file, shapes that do not fit.</summary>
    public const int WrongRequest = 2;

    /// <summary>Stopped in order by Ctrl+C, as shells count it: 128 and the signal's number. Another signal has its own.</summary>
    public const int Interrupted = 130;
}
