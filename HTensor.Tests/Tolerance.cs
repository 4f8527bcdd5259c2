using System.Numerics;

namespace HTensor.Tests;

/// <summary>Rounding of a sum: |error| &lt;= c n epsilon sum |terms|, with one c for all tests.</summary>
internal static class Tolerance
{
    private const double Factor = 4;

    /// <summary>What a sum of <paramref name="terms"/> products may be off by, where the absolute values of the products sum to <paramref name="magnitude"/>.</summary>
    public static double Of<T>(double terms, double magnitude)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Factor * terms * UnitRoundoff<T>() * magnitude;

    /// <summary>Every entry within its own tolerance; NaN where NaN is expected.</summary>
    public static void AssertNear<T>(ReadOnlySpan<double> expected, ReadOnlySpan<double> magnitude, ReadOnlySpan<double> found, double terms, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var tolerance = Of<T>(terms, magnitude[i]);
            if (!(Math.Abs(expected[i] - found[i]) <= tolerance))
                Assert.Fail($"{what}, entry {i} of {expected.Length}: expected {expected[i]:R} within {tolerance:E1}, found {found[i]:R}");
        }
    }

    private static double UnitRoundoff<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? 1.0 / (1 << 24) : 1.0 / (1L << 53);
}
