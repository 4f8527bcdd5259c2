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
    private int _next;
    private int _generation;
    private int _running;
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

    /// <summary>Runs pieces 0 to <paramref name="count"/> - 1 and returns when all are done.</summary>
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
        Volatile.Write(ref _next, 0);
        Volatile.Write(ref _running, _threads.Length);
        lock (_gate)
        {
            _generation++;
            Monitor.PulseAll(_gate);
        }

        TakePieces(0);
        var spinner = new SpinWait();
        while (Volatile.Read(ref _running) != 0) spinner.SpinOnce(sleep1Threshold: -1);
        _body = null;
        if (_failure is { } failure) throw new AggregateException(failure);
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
        var seen = 0;
        while (WaitForRun(ref seen))
        {
            TakePieces(worker);
            Interlocked.Decrement(ref _running);
        }
    }

    private bool WaitForRun(ref int seen)
    {
        for (var spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            if (Volatile.Read(ref _generation) != seen) break;
            Thread.SpinWait(4);
        }

        lock (_gate)
        {
            while (_generation == seen && !_stopping) Monitor.Wait(_gate);
            seen = _generation;
            return !_stopping;
        }
    }

    private void TakePieces(int worker)
    {
        try
        {
            int index;
            while ((index = Interlocked.Increment(ref _next) - 1) < _count) _body!.Run(index, worker);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
        }
    }
}
