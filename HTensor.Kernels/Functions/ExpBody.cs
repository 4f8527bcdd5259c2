using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>e^x = 2^n (1 + p), as <see cref="FunctionConstants{V, T}.Reduced"/> says.</summary>
internal readonly struct ExpBody<T> : IUnary<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        // NaN passes through, as the right operand.
        x = V.Lesser(constants.GreatestOfExp, V.Greater(constants.LeastOfExp, x));
        var p = constants.Reduced(x, out var n, out var integer);
        return constants.Power(p, n, integer, V.AllLess(constants.LeastNormalOfExp, x) && V.AllLess(x, constants.GreatestNormalOfExp));
    }
}
