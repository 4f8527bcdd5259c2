using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace HTensor.Kernels;

/// <summary>
/// The numbers that exp, tanh and sigmoid share, each in a register of its own, made before a loop. From a zero of which the compiler knows nothing: else it
/// would load each number again at each use, and those loads, 15 of them, would bound the loop instead of the arithmetic (tanh: 18 cycles a register of 512
/// bits, 16 without them). What a loop does not use costs nothing; where there are fewer registers the rest stays on the stack.
/// </summary>
internal readonly struct FunctionConstants<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged
{
    public readonly V One;
    public readonly V Two;
    public readonly V Sign;
    public readonly V LeastOfExp;
    public readonly V GreatestOfExp;
    public readonly V LeastNormalOfExp;
    public readonly V GreatestNormalOfExp;
    public readonly V GreatestOfTanh;
    private readonly V _magic;
    private readonly V _perLn2;
    private readonly V _ln2;
    private readonly V _restOfLn2;
    private readonly V _q0;
    private readonly V _q1;
    private readonly V _q2;
    private readonly V _q3;
    private readonly V _q4;
    private readonly V _q5;
    private readonly V _q6;
    private readonly V _q7;
    private readonly V _q8;
    private readonly V _q9;

    /// <param name="zero">0 in every lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FunctionConstants(V zero)
    {
        One = zero | V.Broadcast(FloatFormat<T>.Number(1));
        Two = zero | V.Broadcast(FloatFormat<T>.Number(2));
        Sign = zero | V.Broadcast(FloatFormat<T>.Bits(0x80000000, 0x8000000000000000));

        // Beyond these exp is infinity or zero anyway; tanh of 10 (of 22 in double) is 1 to the last bit.
        LeastOfExp = zero | V.Broadcast(FloatFormat<T>.Number(-104f, -746.0));
        GreatestOfExp = zero | V.Broadcast(FloatFormat<T>.Number(89f, 710.0));
        LeastNormalOfExp = zero | V.Broadcast(FloatFormat<T>.Number(-86f, -707.0));
        GreatestNormalOfExp = zero | V.Broadcast(FloatFormat<T>.Number(88f, 709.0));
        GreatestOfTanh = zero | V.Broadcast(FloatFormat<T>.Number(20f, 44.0));

        // Adding 1.5 * 2^fraction bits rounds to an integer, and leaves it in the low bits.
        _magic = zero | V.Broadcast(FloatFormat<T>.Number(12582912f, 6755399441055744.0));
        _perLn2 = zero | V.Broadcast(FloatFormat<T>.Number(1.4426950408889634));
        _ln2 = zero | V.Broadcast(FloatFormat<T>.Number(-0.6931471805599453));
        _restOfLn2 = zero | V.Broadcast(FloatFormat<T>.Number(1.9046542e-9f, -2.3190468138462996e-17));
        _q0 = Coefficient(zero, 0.50000000951884428737, 0.50000000000000102245);
        _q1 = Coefficient(zero, 0.16666518839563677309, 0.1666666666666667453);
        _q2 = Coefficient(zero, 0.041666205800347149581, 0.04166666666652199074);
        _q3 = Coefficient(zero, 0.0083688893644580567431, 0.0083333333333222072959);
        _q4 = Coefficient(zero, 0.0013950491081621840309, 0.0013888888947820891418);
        _q5 = Coefficient(zero, 0, 0.0001984126988659099934);
        _q6 = Coefficient(zero, 0, 0.000024801487326012336596);
        _q7 = Coefficient(zero, 0, 2.7557242336680357124e-6);
        _q8 = Coefficient(zero, 0, 2.7632655759332030799e-7);
        _q9 = Coefficient(zero, 0, 2.5110049895858716253e-8);
    }

    /// <summary>
    /// Returns p, with e^x = 2^n (1 + p), n = round(x / ln 2), r = x - n ln 2, p = e^r - 1 = r + r^2 q(r), |r| at most ln 2 / 2; q is a minimax polynomial,
    /// degree 4 in float (relative error 3e-9) and 9 in double (6e-18).
    /// The integer holds n in its low bits; what is above the fraction is lost by the shift to the exponent.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Reduced(V x, out V n, out V integer)
    {
        integer = V.FusedMultiplyAdd(x, _perLn2, _magic);
        n = integer - _magic;
        var r = V.FusedMultiplyAdd(n, _ln2, x);
        r = V.FusedMultiplyAdd(n, _restOfLn2, r);
        V q;
        if (typeof(T) == typeof(float))
        {
            q = _q4;
        }
        else
        {
            q = V.FusedMultiplyAdd(_q9, r, _q8);
            q = V.FusedMultiplyAdd(q, r, _q7);
            q = V.FusedMultiplyAdd(q, r, _q6);
            q = V.FusedMultiplyAdd(q, r, _q5);
            q = V.FusedMultiplyAdd(q, r, _q4);
        }

        q = V.FusedMultiplyAdd(q, r, _q3);
        q = V.FusedMultiplyAdd(q, r, _q2);
        q = V.FusedMultiplyAdd(q, r, _q1);
        q = V.FusedMultiplyAdd(q, r, _q0);
        return V.FusedMultiplyAdd(r * r, q, r);
    }

    /// <summary>
    /// 2^n (1 + p), rounded once. Where no result is subnormal or infinite, as nearly always, the exponent is a sum of integers; a processor that scales by
    /// an instruction is not asked.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Power(V p, V n, V integer, bool normal) =>
        !Avx512F.IsSupported && normal ? V.AddBits(One + p, V.ShiftToExponent(integer)) : V.Scale(One + p, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Coefficient(V zero, double single, double other) => zero | V.Broadcast(FloatFormat<T>.Number((float)single, other));
}
