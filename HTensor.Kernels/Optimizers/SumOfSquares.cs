using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// sum of x_i^2 with bits that the length alone decides, not the instruction set: element i goes, fused, to accumulator i mod 16, and the
/// sixteen are added in halves (0 + 8, 1 + 9, ...; 0 + 4, ...).
/// </summary>
/// <remarks>
/// In the precision of T: the error is some n / 16 epsilon, and float overflows where a number is beyond 1.8e19. Long vectors are cut into blocks of
/// a fixed length, whose sums are added in double.
/// </remarks>
public static unsafe class SumOfSquares
{
    private const int Accumulators = 16;

    public static T Of<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        fixed (T* source = values)
        {
            return SimdWidth.Bits switch
            {
                512 => Of<Simd512<T>, T>(source, values.Length),
                256 => Of<Simd256<T>, T>(source, values.Length),
                128 => Of<Simd128<T>, T>(source, values.Length),
                _ => Of<SimdScalar<T>, T>(source, values.Length),
            };
        }
    }

    // Up to four registers a pass: all sixteen accumulators from 128 bits of float and 256 bits of double on.
    [MethodImpl(Compile.Apart)]
    internal static T Of<V, T>(T* source, nint length)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sums = stackalloc T[Accumulators];
        var whole = length - length % Accumulators;
        for (var first = 0; first < Accumulators; first += 4 * V.Count)
        {
            V s0 = V.Broadcast(T.Zero), s1 = s0, s2 = s0, s3 = s0;
            for (nint at = first; at < whole; at += Accumulators)
            {
                s0 = AddSquare(source + at, s0);
                if (V.Count < Accumulators) s1 = AddSquare(source + at + V.Count, s1);
                if (V.Count >= Accumulators / 2) continue;
                s2 = AddSquare(source + at + 2 * V.Count, s2);
                s3 = AddSquare(source + at + 3 * V.Count, s3);
            }

            V.Store(s0, sums + first);
            if (V.Count < Accumulators) V.Store(s1, sums + first + V.Count);
            if (V.Count >= Accumulators / 2) continue;
            V.Store(s2, sums + first + 2 * V.Count);
            V.Store(s3, sums + first + 3 * V.Count);
        }

        for (var at = whole; at < length; at++) sums[at - whole] = T.FusedMultiplyAdd(source[at], source[at], sums[at - whole]);
        for (var half = Accumulators / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++) sums[i] += sums[i + half];
        }

        return sums[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V AddSquare<V, T>(T* source, V sum)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        var x = V.Load(source);
        return V.FusedMultiplyAdd(x, x, sum);
    }
}
