using System.Numerics;

namespace HTensor.Autodiff;

/// <summary>
/// 1 / s as s / (s^2 + e^2): what backward passes of factorizations divide by. e is a small part of the largest singular value, so the quotient is 1 / s to
/// (e / s)^2 where values are well apart, and finite, 0 in the end, where they vanish or coincide.
/// </summary>
internal static class SafeInverse
{
    /// <summary>e over the largest value: 2^-30 in double, 2^-12 in float, well above what rounding makes of zeros and of equal values.</summary>
    public static T Part<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.ScaleB(T.One, typeof(T) == typeof(float) ? -12 : -30);

    public static T Of<T>(T value, T e)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Scaled: squares of small numbers must not vanish.
        var scale = T.Max(T.Abs(value), e);
        if (T.IsZero(scale)) return T.Zero;
        T v = value / scale, part = e / scale;
        return v / (v * v + part * part) / scale;
    }
}
