using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>tanh x = sign(x) t / (t + 2), t = e^(2|x|) - 1 = 2^n p + (2^n - 1), which loses nothing to cancellation near 0.</summary>
internal readonly struct TanhBody<T> : IUnary<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        var sign = x & constants.Sign;
        var twice = x ^ sign;
        twice += twice;

        // NaN passes through, as the right operand.
        var p = constants.Reduced(V.Lesser(constants.GreatestOfTanh, twice), out _, out var integer);
        var power = V.AddBits(V.ShiftToExponent(integer), constants.One);
        var t = V.FusedMultiplyAdd(power, p, power - constants.One);
        return (t / (t + constants.Two)) ^ sign;
    }
}
