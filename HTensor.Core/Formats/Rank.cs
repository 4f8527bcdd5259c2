namespace HTensor.Core;

internal static class Rank
{
    /// <summary>Refuses a rank outside 1 to <paramref name="maximum"/>, the largest that the format can make use of.</summary>
    public static int Require(int rank, double maximum, string what) => rank >= 1 && rank <= maximum
        ? rank
        : throw new ArgumentException($"{what}: expected a rank of 1 to {Math.Max(1, maximum):F0}, found {rank}");

    /// <summary>One rank a bond, from one for all of them or from as many as there are.</summary>
    public static IReadOnlyList<int> Each(IReadOnlyList<int> ranks, int bonds, string format, string what)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        if (ranks.Count == 1) return [.. Enumerable.Repeat(ranks[0], bonds)];
        return ranks.Count == bonds ? ranks : throw new ArgumentException($"{format}: expected one rank or {bonds}, one for each {what}, found {ranks.Count}");
    }

    /// <summary>In words, for reports.</summary>
    public static string Text(IReadOnlyList<int> ranks) => ranks.Count == 1 ? $"rank {ranks[0]}" : $"ranks {string.Join(',', ranks)}";
}
