using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// value 2^n where the hardware has no instruction for it: n may lie beyond the exponents of normal numbers, so 2^n goes in two factors of
/// half the exponent; the first product is exact, the second alone rounds.
/// </summary>
internal static class TwoFactors<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Scale(V value, V exponent)
    {
        // Adding 1.5 * 2^fraction bits rounds to an integer and leaves it, here with the exponent's bias, in the low bits.
        var magic = V.Broadcast(FloatFormat<T>.Number(12582912f + 127f, 6755399441055744.0 + 1023.0));
        var half = V.FusedMultiplyAdd(exponent, V.Broadcast(FloatFormat<T>.Number(0.5)), magic);
        var rest = exponent - (half - magic) + magic;
        return value * V.ShiftToExponent(half) * V.ShiftToExponent(rest);
    }
}
