using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// e^x = 2^n (1 + p), n = round(x / ln 2), r = x - n ln 2, p = e^r - 1 = r + r^2 q(r), |r| at most ln 2 / 2; q is a minimax polynomial,
/// degree 4 in float (relative error 3e-9) and 9 in double (6e-18).
/// </summary>
internal readonly struct ExpBody<T> : IUnary<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, ISimd<V, T>
    {
        // Beyond these the result is infinity or zero anyway. The comparison is false for NaN, which so passes through.
        x = Clamp(x, FloatFormat<T>.Number(-104f, -746.0), FloatFormat<T>.Number(89f, 710.0));
        var p = Reduced<V>(x, out var n);

        // 2^n in two factors: n may lie beyond the exponents of normal numbers, and the second factor alone rounds.
        var magic = V.Broadcast(FloatFormat<T>.Number(12582912f + 127f, 6755399441055744.0 + 1023.0));
        var half = V.FusedMultiplyAdd(n, V.Broadcast(FloatFormat<T>.Number(0.5)), magic);
        var rest = n - (half - magic) + magic;
        var first = V.ShiftLeft(half, FloatFormat<T>.FractionBits);
        return V.FusedMultiplyAdd(first, p, first) * V.ShiftLeft(rest, FloatFormat<T>.FractionBits);
    }

    /// <summary>Returns p, with e^x = 2^n (1 + p).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Reduced<V>(V x, out V n)
        where V : unmanaged, ISimd<V, T>
    {
        // Adding 1.5 * 2^fraction bits rounds to an integer.
        var magic = V.Broadcast(FloatFormat<T>.Number(12582912f, 6755399441055744.0));
        n = V.FusedMultiplyAdd(x, V.Broadcast(FloatFormat<T>.Number(1.4426950408889634)), magic) - magic;
        var r = V.FusedMultiplyAdd(n, V.Broadcast(FloatFormat<T>.Number(-0.6931471805599453)), x);
        r = V.FusedMultiplyAdd(n, V.Broadcast(FloatFormat<T>.Number(1.9046542e-9f, -2.3190468138462996e-17)), r);
        V q;
        if (typeof(T) == typeof(float))
        {
            q = V.Broadcast(FloatFormat<T>.Number(0.0013950491081621840309));
            q = Step(q, r, 0.0083688893644580567431);
            q = Step(q, r, 0.041666205800347149581);
            q = Step(q, r, 0.16666518839563677309);
            q = Step(q, r, 0.50000000951884428737);
        }
        else
        {
            q = V.Broadcast(FloatFormat<T>.Number(2.5110049895858716253e-8));
            q = Step(q, r, 2.7632655759332030799e-7);
            q = Step(q, r, 2.7557242336680357124e-6);
            q = Step(q, r, 0.000024801487326012336596);
            q = Step(q, r, 0.0001984126988659099934);
            q = Step(q, r, 0.0013888888947820891418);
            q = Step(q, r, 0.0083333333333222072959);
            q = Step(q, r, 0.04166666666652199074);
            q = Step(q, r, 0.1666666666666667453);
            q = Step(q, r, 0.50000000000000102245);
        }

        return V.FusedMultiplyAdd(r * r, q, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Clamp<V>(V x, T low, T high)
        where V : unmanaged, ISimd<V, T>
    {
        x = V.Select(V.LessThan(x, V.Broadcast(low)), V.Broadcast(low), x);
        return V.Select(V.LessThan(V.Broadcast(high), x), V.Broadcast(high), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V polynomial, V x, double coefficient)
        where V : unmanaged, ISimd<V, T> =>
        V.FusedMultiplyAdd(polynomial, x, V.Broadcast(FloatFormat<T>.Number(coefficient)));
}
