using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// ln x = k ln 2 + ln(1 + f), x = 2^k (1 + f), 1 + f in [sqrt 1/2, sqrt 2); with s = f / (2 + f), z = s^2, h = f^2 / 2:
/// ln(1 + f) = f - (h - s (h + z R(z))) (Tang's form, as in fdlibm); R is a minimax polynomial, degree 3 in float (2e-11) and 6 in double (5e-18).
/// </summary>
internal readonly struct LogBody<T> : IUnary<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, ISimd<V, T>
    {
        // Subnormal numbers are brought into the normal range, exactly.
        var tiny = V.LessThan(x, V.Broadcast(FloatFormat<T>.Bits(0x00800000, 0x0010000000000000)));
        var y = V.Select(tiny, x * V.Broadcast(FloatFormat<T>.Number(33554432f, 18014398509481984.0)), x);
        var shift = V.Select(tiny, V.Broadcast(FloatFormat<T>.Number(25f, 54.0)), V.Broadcast(default));

        // Biased exponent of y / sqrt 1/2, as an integer, then as a number through the fraction of 1.5 * 2^fraction bits.
        var root = V.Broadcast(FloatFormat<T>.Bits(0x3F3504F3, 0x3FE6A09E667F3BCD));
        var bias = V.Broadcast(FloatFormat<T>.Bits(127u << 23, 1023ul << 52));
        var biased = V.ShiftRightLogical(V.AddBits(V.SubtractBits(y, root), bias), FloatFormat<T>.FractionBits);
        var magic = V.Broadcast(FloatFormat<T>.Number(12582912f, 6755399441055744.0));
        var offset = V.Broadcast(FloatFormat<T>.Number(12582912f + 127f, 6755399441055744.0 + 1023.0));
        var k = V.AddBits(biased, magic) - offset - shift;
        var mantissa = V.SubtractBits(y, V.SubtractBits(V.ShiftLeft(biased, FloatFormat<T>.FractionBits), bias));

        var f = mantissa - V.Broadcast(FloatFormat<T>.Number(1));
        var s = f / (f + V.Broadcast(FloatFormat<T>.Number(2)));
        var z = s * s;
        var h = f * f * V.Broadcast(FloatFormat<T>.Number(0.5));
        var low = V.FusedMultiplyAdd(s, V.FusedMultiplyAdd(z, Remainder(z), h), k * V.Broadcast(FloatFormat<T>.Number(-1.9046542e-9f, 2.3190468138462996e-17)));
        var result = V.FusedMultiplyAdd(k, V.Broadcast(FloatFormat<T>.Number(0.6931471805599453)), f - (h - low));
        return Special(x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Remainder<V>(V z)
        where V : unmanaged, ISimd<V, T>
    {
        if (typeof(T) == typeof(float))
        {
            var r = V.Broadcast(FloatFormat<T>.Number(0.23617561895429353066));
            r = ExpBody<T>.Step(r, z, 0.28536044855027060938);
            r = ExpBody<T>.Step(r, z, 0.40000339021288509991);
            return ExpBody<T>.Step(r, z, 0.66666665757162620807);
        }

        var q = V.Broadcast(FloatFormat<T>.Number(0.14810677359592227508));
        q = ExpBody<T>.Step(q, z, 0.15313149469588750469);
        q = ExpBody<T>.Step(q, z, 0.18183572084064008101);
        q = ExpBody<T>.Step(q, z, 0.22222199081404306304);
        q = ExpBody<T>.Step(q, z, 0.28571428729365389986);
        q = ExpBody<T>.Step(q, z, 0.39999999999519530168);
        return ExpBody<T>.Step(q, z, 0.66666666666667095693);
    }

    /// <summary>ln of infinity and NaN is itself, of 0 minus infinity, of a negative number NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Special<V>(V x, V result)
        where V : unmanaged, ISimd<V, T>
    {
        var zero = V.Broadcast(default);
        var finite = V.LessThan(x, V.Broadcast(FloatFormat<T>.Number(double.PositiveInfinity)));
        result = V.Select(finite, result, x);
        result = V.Select(V.Equal(x, zero), V.Broadcast(FloatFormat<T>.Number(double.NegativeInfinity)), result);
        return V.Select(V.LessThan(x, zero), V.Broadcast(FloatFormat<T>.Bits(0x7FC00000, 0x7FF8000000000000)), result);
    }
}
