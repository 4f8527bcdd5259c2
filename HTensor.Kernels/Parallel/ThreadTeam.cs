using System.Runtime.ExceptionServices;

namespace HTensor.Kernels;

/// <summary>
/// A fixed set of threads that run the pieces of an <see cref="IParallelBody"/>. The calling thread is worker 0. Runs allocate nothing.
/// A team of one runs inline. Not reentrant: a body must not start another run on the same team.
/// </summary>
public sealed class ThreadTeam : IDisposable
{
    private const int SpinsBeforeSleep = 4000;

    private readonly Thread[] _threads;
    private readonly object _gate = new();
    private IParallelBody? _body;
    private int _count;

    // High half: number of the run; low half: pieces not yet taken. One word, so that a thread that wakes late can never take a piece of
    // another run by an index of its own.
    private long _tickets;
    private int _unfinished;
    private bool _stopping;
    private Exception? _failure;

    /// <summary>Starts <paramref name="size"/> - 1 background threads.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is below 1.</exception>
    public ThreadTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _threads = new Thread[size - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"HTensor worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>A team of one: everything runs on the calling thread.</summary>
    public static ThreadTeam Inline { get; } = new(1);

    public int Size => _threads.Length + 1;

    /// <summary>
    /// Runs pieces 0 to <paramref name="count"/> - 1 and returns when all are done. What a piece throws is thrown here, as it is; of several one.
    /// </summary>
    public void Run(IParallelBody body, int count)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (_threads.Length == 0 || count <= 1)
        {
            for (var i = 0; i < count; i++) body.Run(i, 0);
            return;
        }

        _body = body;
        _count = count;
        _failure = null;
        Volatile.Write(ref _unfinished, count);
        lock (_gate)
        {
            var run = (Volatile.Read(ref _tickets) >> 32) + 1;
            Volatile.Write(ref _tickets, (run << 32) | (uint)count);
            Monitor.PulseAll(_gate);
        }

        // Waits for pieces, not for threads: one that the machine does not schedule now takes none.
        TakePieces(0);
        var spinner = new SpinWait();
        while (Volatile.Read(ref _unfinished) != 0) spinner.SpinOnce(sleep1Threshold: -1);
        _body = null;
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads) thread.Join();
    }

    private void Work(int worker)
    {
        while (WaitForPieces()) TakePieces(worker);
    }

    private bool HasPieces => (int)Volatile.Read(ref _tickets) != 0;

    private bool WaitForPieces()
    {
        for (var spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            if (HasPieces) return true;
            Thread.SpinWait(4);
        }

        lock (_gate)
        {
            while (!HasPieces && !_stopping) Monitor.Wait(_gate);
            return !_stopping;
        }
    }

    private void TakePieces(int worker)
    {
        while (TryTake(out var index))
        {
            try
            {
                _body!.Run(index, worker);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _failure, exception, null);
            }

            Interlocked.Decrement(ref _unfinished);
        }
    }

    private bool TryTake(out int index)
    {
        var tickets = Volatile.Read(ref _tickets);
        while ((int)tickets != 0)
        {
            var before = Interlocked.CompareExchange(ref _tickets, tickets - 1, tickets);
            if (before == tickets)
            {
                // The run cannot end while this piece is open, so its count stands.
                index = _count - (int)tickets;
                return true;
            }

            tickets = before;
        }

        index = -1;
        return false;
    }
}
