using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>1 / (1 + e^-x), as 1 / (1 + e) for x at least 0 and e / (1 + e) below, e = e^-|x|: small results keep all their digits.</summary>
internal readonly struct SigmoidBody<T> : IUnary<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        var negative = V.Greater(constants.LeastOfExp, x | constants.Sign);
        var p = constants.Reduced(negative, out var n, out var integer);
        var e = constants.Power(p, n, integer, V.AllLess(constants.LeastNormalOfExp, negative));

        // The greater of e and 1 or, below 0, -1; e where it is NaN.
        return V.Greater((x & constants.Sign) | constants.One, e) / (constants.One + e);
    }
}
