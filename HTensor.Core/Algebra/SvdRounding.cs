namespace HTensor.Core;

/// <summary>What a singular value decomposition makes of zeros: values whose squares add up to some roundoffs of the norm for each of them.</summary>
internal static class SvdRounding
{
    private const double Roundoffs = 8;

    /// <summary>The square of what may be rounding in <paramref name="count"/> singular values of a matrix of this norm.</summary>
    public static double Squared<T>(double norm, int count)
    {
        var one = Roundoffs * StoredUnit.Of<T>() * norm;
        return one * one * count;
    }
}
