using System.Runtime.InteropServices;

namespace HTensor.Cli;

/// <summary>
/// SIGINT (Ctrl+C), SIGTERM and SIGHUP: the first of them ends the work in order, after what is to be kept has been saved; a second one ends
/// the process.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private const int SignalBase = 128;

    private readonly CancellationTokenSource _cancellation = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile int _exitCode = ExitCode.Interrupted;

    public Interruption() => _registrations =
    [
        Register(PosixSignal.SIGINT, 2), Register(PosixSignal.SIGTERM, 15), Register(PosixSignal.SIGHUP, 1),
    ];

    public CancellationToken Token => _cancellation.Token;

    /// <summary>The process's exit code: of interrupted work that of the signal that ended it.</summary>
    public int ExitCodeOf(int code) => code == ExitCode.Interrupted ? _exitCode : code;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _cancellation.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = !_cancellation.IsCancellationRequested;
        if (context.Cancel) _exitCode = SignalBase + number;
        _cancellation.Cancel();
    });
}
