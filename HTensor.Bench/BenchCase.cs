namespace HTensor.Bench;

/// <summary>
/// One thing that is measured: ours and its peers, all on the same data. <paramref name="MultiplyAdds"/> and <paramref name="Bytes"/> (read,
/// written, and allocated by writing) give the limit; no multiply-adds: the limit is the memory's.
/// </summary>
internal sealed record BenchCase(string Name, Type Element, double MultiplyAdds, double Bytes, Action Ours, IReadOnlyList<Peer> Peers);

/// <summary>A library beside ours; <paramref name="Seconds"/> of one call when called this often in a row.</summary>
internal sealed record Peer(string Name, Func<int, double> Seconds)
{
    public Peer(string name, Action run)
        : this(name, calls => Stopclock.Time(run, calls))
    {
    }
}
