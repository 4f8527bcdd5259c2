using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>1 / (1 + e^-x), as 1 / (1 + e) for x at least 0 and e / (1 + e) below, e = e^-|x|: small results keep all their digits.</summary>
internal readonly struct SigmoidBody<T> : IUnary<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, ISimd<V, T>
    {
        var one = V.Broadcast(FloatFormat<T>.Number(1));
        var e = ExpBody<T>.Apply(x | V.Broadcast(FloatFormat<T>.Bits(0x80000000, 0x8000000000000000)));
        var numerator = V.Select(V.LessThan(x, V.Broadcast(default)), e, one);
        return numerator / (one + e);
    }
}
