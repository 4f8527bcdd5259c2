namespace HTensor.Core;

/// <summary>The one place where singular values and an allowed error make a rank.</summary>
internal static class RankChoice
{
    /// <summary>
    /// The smallest r of 1 to <paramref name="maximum"/> with sqrt(sum_(i >= r) s_i^2) at most <paramref name="allowed"/>, or
    /// <paramref name="maximum"/>. Zeros are always dropped; of zeros alone one is kept.
    /// </summary>
    /// <param name="values">Singular values, descending.</param>
    /// <param name="allowed">The error allowed here.</param>
    /// <param name="maximum">The largest rank; 1 or more.</param>
    public static int Choose(ReadOnlySpan<double> values, double allowed, int maximum)
    {
        var rank = values.Length;
        if (rank == 0 || !(values[0] > 0)) return 1;
        var (limit, sum) = (Squared(allowed / values[0]), 0.0);
        while (rank > 1)
        {
            sum += Squared(values[rank - 1] / values[0]);
            if (sum > limit) break;
            rank--;
        }

        return Math.Min(rank, maximum);
    }

    /// <summary>sqrt(sum s_i^2), from the smallest on, scaled so that nothing overflows.</summary>
    public static double Norm(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values) largest = Math.Max(largest, Math.Abs(value));
        if (largest == 0 || !double.IsFinite(largest)) return largest;
        var sum = 0.0;
        for (var i = values.Length - 1; i >= 0; i--) sum += Squared(values[i] / largest);
        return largest * Math.Sqrt(sum);
    }

    private static double Squared(double x) => x * x;
}
