namespace HTensor.Bench;

/// <summary>Mean, deviation and Student's interval of few numbers.</summary>
/// <param name="Count">n.</param>
/// <param name="Mean">Of all.</param>
/// <param name="Deviation">sqrt(sum (x - mean)^2 / (n - 1)).</param>
/// <param name="HalfWidth">Of the 95 % interval of the mean, t deviation / sqrt n; NaN below two numbers.</param>
internal sealed record Statistics(int Count, double Mean, double Deviation, double HalfWidth)
{
    // Quantile 0.975 of Student's t at 1, 2, ... degrees of freedom.
    private static readonly double[] Quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086];

    public static Statistics Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0) return new Statistics(0, double.NaN, double.NaN, double.NaN);
        var mean = values.Average();
        if (values.Count == 1) return new Statistics(1, mean, double.NaN, double.NaN);
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        var quantile = Quantiles[Math.Min(values.Count - 1, Quantiles.Length) - 1];
        return new Statistics(values.Count, mean, deviation, quantile * deviation / Math.Sqrt(values.Count));
    }
}
