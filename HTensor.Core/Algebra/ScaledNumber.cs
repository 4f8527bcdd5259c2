using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// The number <paramref name="Mantissa"/> 2^<paramref name="Exponent"/>: what a tensor of order 400 has as its norm or as an inner product, where a
/// double overflows. The mantissa is 0 or of magnitude 1 to below 2.
/// </summary>
public readonly record struct ScaledNumber(double Mantissa, long Exponent)
{
    private const double Log2 = 0.69314718055994530942;

    /// <summary>The number itself: infinite or 0 where a double cannot hold it.</summary>
    public double Value => double.ScaleB(Mantissa, (int)long.Clamp(Exponent, -5000, 5000));

    /// <summary>The natural logarithm of its magnitude; negative infinity at 0.</summary>
    public double Log => Mantissa == 0 ? double.NegativeInfinity : ScalarFunctions.Log(double.Abs(Mantissa)) + Exponent * Log2;

    /// <summary>mantissa 2^exponent for any mantissa.</summary>
    internal static ScaledNumber Of(double mantissa, long exponent)
    {
        if (mantissa == 0 || !double.IsFinite(mantissa)) return new ScaledNumber(mantissa, 0);
        var shift = double.ILogB(mantissa);
        return new ScaledNumber(double.ScaleB(mantissa, -shift), exponent + shift);
    }

    /// <summary>The square root of a number that is not negative.</summary>
    internal ScaledNumber Sqrt()
    {
        var odd = Exponent & 1;
        return Of(double.Sqrt(double.ScaleB(Mantissa, (int)odd)), (Exponent - odd) / 2);
    }
}
