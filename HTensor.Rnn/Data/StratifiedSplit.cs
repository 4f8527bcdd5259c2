using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>Cuts a part off a list of samples, the same part of each class.</summary>
internal static class StratifiedSplit
{
    // A stream of its own, so that the cut does not share numbers with initialization or shuffling of the same seed.
    private const ulong Stream = 0x53504C4954;

    public static (int[] Kept, int[] Part) Cut(int[] samples, ISequenceSource source, int classes, double fraction, ulong seed)
    {
        RequireFraction(fraction);
        var random = new Philox(seed, Stream);
        var kept = new List<int>(samples.Length);
        var part = new List<int>();
        foreach (var members in ByClass(samples, source, classes))
        {
            var shuffled = Shuffled(members, random);
            var taken = Math.Min((int)Math.Round(fraction * shuffled.Length, MidpointRounding.AwayFromZero), Math.Max(shuffled.Length - 1, 0));
            part.AddRange(shuffled.AsSpan(0, taken));
            kept.AddRange(shuffled.AsSpan(taken));
        }

        return Sorted(kept, part, fraction);
    }

    public static void RequireFraction(double fraction)
    {
        if (!(fraction > 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "validation fraction: expected above 0 and below 1");
    }

    /// <exception cref="ArgumentException">Nothing was cut off.</exception>
    public static (int[] Kept, int[] Part) Sorted(List<int> kept, List<int> part, double fraction)
    {
        if (part.Count == 0)
        {
            throw new ArgumentException(
                $"validation fraction {fraction} of {kept.Count} training samples: expected one sample or more, found none", nameof(fraction));
        }

        kept.Sort();
        part.Sort();
        return ([.. kept], [.. part]);
    }

    private static List<int>[] ByClass(int[] samples, ISequenceSource source, int classes)
    {
        var members = new List<int>[classes];
        for (var c = 0; c < classes; c++) members[c] = [];
        foreach (var sample in samples) members[source.Label(sample)].Add(sample);
        return members;
    }

    private static int[] Shuffled(List<int> members, Philox random)
    {
        int[] shuffled = [.. members];
        random.Shuffle(shuffled);
        return shuffled;
    }
}
