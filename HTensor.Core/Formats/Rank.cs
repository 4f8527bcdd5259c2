namespace HTensor.Core;

internal static class Rank
{
    /// <summary>Refuses a rank outside 1 to <paramref name="maximum"/>, the largest that the format can make use of.</summary>
    public static int Require(int rank, double maximum, string what) => rank >= 1 && rank <= maximum
        ? rank
        : throw new ArgumentException($"{what}: expected a rank of 1 to {Math.Max(1, maximum):F0}, found {rank}");
}
