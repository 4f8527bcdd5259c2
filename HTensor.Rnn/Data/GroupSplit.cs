using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// Cuts whole groups off a list of samples. Group after group, in an order by the seed, is cut off if that brings the part nearer to its
/// share of each class: if it lowers sum_c (cut_c - fraction n_c)^2.
/// </summary>
internal static class GroupSplit
{
    // A stream of its own, as in StratifiedSplit.
    private const ulong Stream = 0x47524F5550;

    public static (int[] Kept, int[] Part) Cut(int[] samples, int[] groups, ISequenceSource source, int classes, double fraction, ulong seed)
    {
        StratifiedSplit.RequireFraction(fraction);
        var all = new int[classes];
        foreach (var sample in samples) all[source.Label(sample)]++;
        int[][] members = [.. samples.GroupBy(sample => groups[sample]).OrderBy(group => group.Key).Select(group => group.ToArray())];
        int[] order = [.. Enumerable.Range(0, members.Length)];
        new Philox(seed, Stream).Shuffle(order);
        var (kept, part, cut) = (new List<int>(), new List<int>(), new int[classes]);
        foreach (var group in order)
        {
            var own = new int[classes];
            foreach (var sample in members[group]) own[source.Label(sample)]++;
            var isCut = Brings(own, cut, all, fraction);
            (isCut ? part : kept).AddRange(members[group]);
            if (isCut) for (var c = 0; c < classes; c++) cut[c] += own[c];
        }

        return StratifiedSplit.Sorted(kept, part, fraction);
    }

    /// <summary>Whether a group brings the part nearer to its share and leaves a sample of each class.</summary>
    private static bool Brings(int[] own, int[] cut, int[] all, double fraction)
    {
        double change = 0;
        for (var c = 0; c < own.Length; c++)
        {
            if (own[c] > 0 && cut[c] + own[c] == all[c]) return false;
            var before = cut[c] - fraction * all[c];
            change += own[c] * (2 * before + own[c]);
        }

        return change < 0;
    }
}
