namespace HTensor.Kernels;

/// <summary>
/// Scratch memory of the calling thread, taken and given back like a stack. Blocks stand on 64 bytes and hold what was there before. It grows to
/// the largest use seen and is then reused.
/// </summary>
internal sealed unsafe class FactorScratch
{
    private const nint LeastBytes = 1 << 18;
    private const nint Alignment = 64;

    [ThreadStatic]
    private static FactorScratch? _ofThread;

    private readonly List<AlignedBuffer<double>> _chunks = [];
    private int _chunk;
    private nint _used;

    public static FactorScratch OfThread => _ofThread ??= new FactorScratch();

    /// <summary>What was taken since goes back when the scope is disposed.</summary>
    public Scope Open() => new(this);

    public T* Take<T>(nint count)
        where T : unmanaged
    {
        var bytes = (checked(count * sizeof(T)) + Alignment - 1) / Alignment * Alignment;
        while (_chunk < _chunks.Count && _used + bytes > BytesOf(_chunk)) (_chunk, _used) = (_chunk + 1, 0);
        if (_chunk == _chunks.Count) _chunks.Add(new AlignedBuffer<double>(checked((int)(nint.Max(bytes, LeastBytes) / sizeof(double)))));

        // The buffer is pinned.
        fixed (double* start = _chunks[_chunk].Span)
        {
            var taken = (T*)((byte*)start + _used);
            _used += bytes;
            return taken;
        }
    }

    public T* TakeZeros<T>(nint count)
        where T : unmanaged
    {
        var taken = Take<T>(count);
        Clear(taken, count);
        return taken;
    }

    public static void Clear<T>(T* start, nint count)
        where T : unmanaged
    {
        const int Largest = 1 << 28;
        for (nint at = 0; at < count; at += Largest) new Span<T>(start + at, (int)nint.Min(Largest, count - at)).Clear();
    }

    private nint BytesOf(int chunk) => (nint)_chunks[chunk].Length * sizeof(double);

    // Several chunks become one, so that the next use of this size finds its room in a row.
    private void Restore(int chunk, nint used)
    {
        (_chunk, _used) = (chunk, used);
        if (chunk != 0 || used != 0 || _chunks.Count < 2) return;
        nint total = 0;
        for (var i = 0; i < _chunks.Count; i++) total += BytesOf(i);
        if (total / sizeof(double) > Array.MaxLength - Alignment) return;
        _chunks.Clear();
        _chunks.Add(new AlignedBuffer<double>((int)(total / sizeof(double))));
    }

    public readonly ref struct Scope(FactorScratch scratch)
    {
        private readonly int _chunk = scratch._chunk;
        private readonly nint _used = scratch._used;

        public void Dispose() => scratch.Restore(_chunk, _used);
    }
}
