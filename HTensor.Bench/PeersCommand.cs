using System.Globalization;
using System.Text.Json;
using HTensor.Kernels;

namespace HTensor.Bench;

/// <summary>Ours and each peer in turn; a table, or with --json one line of JSON last, all else on stderr.</summary>
internal static class PeersCommand
{
    private static readonly JsonSerializerOptions CamelCase = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);

    public static int Run(PeerOptions options)
    {
        var output = options.Json ? Console.Error : Console.Out;
        using var team = new ThreadTeam(options.Threads);
        using var peers = new PeerLibraries(options.Threads);
        peers.Describe(output);
        var limits = new Limits(team);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"limits: {SimdWidth.Bits} bits, {options.Threads} threads, {2e-9 * limits.Peak(typeof(float)):F1} GFLOP/s float, {2e-9 * limits.Peak(typeof(double)):F1} double, {1e-9 * limits.Bandwidth(1 << 28):F1} GB/s at 256 MB"));
        output.WriteLine($"{"case",-34} {"ours ms",10} {"GFLOP/s",8} {"limit",6}   {"peer",-18} {"peer ms",10} {"ratio",6}");
        var rows = new List<Row>();
        foreach (var make in CaseList.All(team, peers))
        {
            if (!make.Name.Contains(options.Filter, StringComparison.OrdinalIgnoreCase)) continue;
            Measure(make.Create(), options.Threads, limits, rows, output);
        }

        if (options.Json) Console.Out.WriteLine(JsonSerializer.Serialize(rows, CamelCase));
        return 0;
    }

    private static void Measure(BenchCase item, int threads, Limits limits, List<Row> rows, TextWriter output)
    {
        var seconds = Stopclock.Medians([calls => Stopclock.Time(item.Ours, calls), .. item.Peers.Select(p => p.Seconds)], threads > 1 ? Settle : default);
        var ours = seconds[0];
        var share = double.Max(item.MultiplyAdds / limits.Peak(item.Element), item.Bytes / limits.Bandwidth(item.Bytes)) / ours;
        if (item.Peers.Count == 0) rows.Add(new(item.Name, threads, ours * 1e3, null, null, null, share));
        for (var p = 0; p < item.Peers.Count; p++)
            rows.Add(new(item.Name, threads, ours * 1e3, item.Peers[p].Name, seconds[p + 1] * 1e3, seconds[p + 1] / ours, share));
        foreach (var row in rows.Skip(rows.Count - int.Max(1, item.Peers.Count)))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Case,-34} {row.Milliseconds,10:G4} {2e-9 * item.MultiplyAdds / ours,8:F1} {row.LimitShare,6:P0}   {row.Peer,-18} {row.PeerMilliseconds,10:G4} {row.Ratio,6:F2}"));
        }
    }

    private sealed record Row(string Case, int Threads, double Milliseconds, string? Peer, double? PeerMilliseconds, double? Ratio, double LimitShare);
}
