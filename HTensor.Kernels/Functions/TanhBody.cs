using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>tanh x = sign(x) t / (t + 2), t = e^(2|x|) - 1 = 2^n p + (2^n - 1), which loses nothing to cancellation near 0.</summary>
internal readonly struct TanhBody<T> : IUnary<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, ISimd<V, T>
    {
        var sign = x & V.Broadcast(FloatFormat<T>.Bits(0x80000000, 0x8000000000000000));
        var twice = x ^ sign;
        twice += twice;

        // tanh of 10 (of 22 in double) is 1 to the last bit. False for NaN, which so passes through.
        var limit = V.Broadcast(FloatFormat<T>.Number(20f, 44.0));
        twice = V.Select(V.LessThan(limit, twice), limit, twice);
        var p = ExpBody<T>.Reduced<V>(twice, out var n);
        var power = V.ShiftLeft(n + V.Broadcast(FloatFormat<T>.Number(12582912f + 127f, 6755399441055744.0 + 1023.0)), FloatFormat<T>.FractionBits);
        var t = V.FusedMultiplyAdd(power, p, power - V.Broadcast(FloatFormat<T>.Number(1)));
        return (t / (t + V.Broadcast(FloatFormat<T>.Number(2)))) ^ sign;
    }
}
