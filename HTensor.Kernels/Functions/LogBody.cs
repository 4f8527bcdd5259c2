using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// ln x = k ln 2 + ln(1 + f), x = 2^k (1 + f), 1 + f in [sqrt 1/2, sqrt 2). Float: ln(1 + f) = f - f^2 / 2 + f^3 P(f), P minimax of degree 7
/// (relative error 6e-9), no division. Double: with s = f / (2 + f), z = s^2, h = f^2 / 2, ln(1 + f) = f - (h - s (h + z R(z))) (Tang's form, as in
/// fdlibm), R minimax of degree 6 (5e-18).
/// </summary>
internal readonly struct LogBody<T> : IUnary<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T> => Apply(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, ISimd<V, T>
    {
        var subnormal = V.Broadcast(FloatFormat<T>.Bits(0x007FFFFF, 0x000FFFFFFFFFFFFF));
        var infinity = V.Broadcast(FloatFormat<T>.Number(double.PositiveInfinity));
        return V.AllLess(subnormal, x) && V.AllLess(x, infinity) ? Normal(x, V.Broadcast(default)) : Any(x);
    }

    /// <summary>Rare enough to stand apart: the same operations for what is normal, so the same bits beside any neighbour.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V Any<V>(V x)
        where V : unmanaged, ISimd<V, T>
    {
        // Subnormal numbers are brought into the normal range, exactly.
        var tiny = V.LessThan(x, V.Broadcast(FloatFormat<T>.Bits(0x00800000, 0x0010000000000000)));
        var y = V.Select(tiny, x * V.Broadcast(FloatFormat<T>.Number(33554432f, 18014398509481984.0)), x);
        var shift = V.Select(tiny, V.Broadcast(FloatFormat<T>.Number(25f, 54.0)), V.Broadcast(default));
        return Special(x, Normal(y, shift));
    }

    /// <summary>ln(x 2^-shift).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Normal<V>(V x, V shift)
        where V : unmanaged, ISimd<V, T>
    {
        // The exponent of x / sqrt 1/2 as an integer, then as a number through the fraction of 1.5 * 2^fraction bits; what is below it, times sqrt 1/2.
        var scaled = V.AddBits(x, V.Broadcast(FloatFormat<T>.Bits((127u << 23) - 0x3F3504F3, (1023ul << 52) - 0x3FE6A09E667F3BCD)));
        var biased = V.ShiftFromExponent(scaled);
        var magic = V.Broadcast(FloatFormat<T>.Number(12582912f, 6755399441055744.0));
        var offset = V.Broadcast(FloatFormat<T>.Number(12582912f + 127f, 6755399441055744.0 + 1023.0));
        var k = V.AddBits(biased, magic) - offset - shift;
        var fraction = scaled & V.Broadcast(FloatFormat<T>.Bits(0x007FFFFF, 0x000FFFFFFFFFFFFF));
        var f = V.AddBits(fraction, V.Broadcast(FloatFormat<T>.Bits(0x3F3504F3, 0x3FE6A09E667F3BCD))) - V.Broadcast(FloatFormat<T>.Number(1));
        return typeof(T) == typeof(float) ? Single(f, k) : Double(f, k);
    }

    // ln 2 in one part: beyond k = 0 the result is at least half of k ln 2, and the part's error is 0.05 ulp of that.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single<V>(V f, V k)
        where V : unmanaged, ISimd<V, T>
    {
        var p = V.Broadcast(FloatFormat<T>.Number(-0.07634508887842753));
        p = Step(p, f, 0.1276159982983601);
        p = Step(p, f, -0.1316018864535038);
        p = Step(p, f, 0.1420175540602458);
        p = Step(p, f, -0.16623356478707288);
        p = Step(p, f, 0.20001226954965928);
        p = Step(p, f, -0.25000821058811096);
        p = Step(p, f, 0.33333331707117425);
        p = Step(p, f, -0.5);
        return V.FusedMultiplyAdd(k, V.Broadcast(FloatFormat<T>.Number(0.6931471805599453)), V.FusedMultiplyAdd(f * f, p, f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double<V>(V f, V k)
        where V : unmanaged, ISimd<V, T>
    {
        var s = f / (f + V.Broadcast(FloatFormat<T>.Number(2)));
        var z = s * s;
        var h = f * f * V.Broadcast(FloatFormat<T>.Number(0.5));
        var q = V.Broadcast(FloatFormat<T>.Number(0.14810677359592227508));
        q = Step(q, z, 0.15313149469588750469);
        q = Step(q, z, 0.18183572084064008101);
        q = Step(q, z, 0.22222199081404306304);
        q = Step(q, z, 0.28571428729365389986);
        q = Step(q, z, 0.39999999999519530168);
        q = Step(q, z, 0.66666666666667095693);
        var low = V.FusedMultiplyAdd(s, V.FusedMultiplyAdd(z, q, h), k * V.Broadcast(FloatFormat<T>.Number(2.3190468138462996e-17)));
        return V.FusedMultiplyAdd(k, V.Broadcast(FloatFormat<T>.Number(0.6931471805599453)), f - (h - low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Step<V>(V polynomial, V x, double coefficient)
        where V : unmanaged, ISimd<V, T> =>
        V.FusedMultiplyAdd(polynomial, x, V.Broadcast(FloatFormat<T>.Number(coefficient)));

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
