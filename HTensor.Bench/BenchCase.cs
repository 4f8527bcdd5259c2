namespace HTensor.Bench;

/// <summary>
/// One thing that is measured: ours and its peers, all on the same data. <paramref name="MultiplyAdds"/> and <paramref name="Bytes"/> (read,
/// written, and allocated by writing) give the limit; no multiply-adds: the limit is the memory's.
/// </summary>
internal sealed record BenchCase(string Name, Type Element, double MultiplyAdds, double Bytes, Action Ours, IReadOnlyList<Peer> Peers);

internal sealed record Peer(string Name, Action Run);
