using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>The largest magnitude of a matrix, and the power of two that brings it where squares neither overflow nor vanish.</summary>
internal static unsafe class Magnitude
{
    /// <summary>max |x|, or NaN if an element is NaN or infinite. Row r has <paramref name="columns"/> elements from <c>r * stride</c>.</summary>
    public static T Largest<T>(T* x, nint rows, nint columns, nint stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SimdWidth.Bits switch
        {
            512 => Largest<Simd512<T>, T>(x, rows, columns, stride),
            256 => Largest<Simd256<T>, T>(x, rows, columns, stride),
            128 => Largest<Simd128<T>, T>(x, rows, columns, stride),
            _ => Largest<SimdScalar<T>, T>(x, rows, columns, stride),
        };

    /// <summary>e if values of magnitude 2^e should be multiplied by 2^-e before they are squared and summed; 0 if they need not.</summary>
    public static int Exponent<T>(T largest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(largest) || T.IsZero(largest)) return 0;
        var exponent = T.ILogB(largest);
        return int.Abs(exponent) <= (typeof(T) == typeof(float) ? 20 : 300) ? 0 : exponent;
    }

    /// <summary>x = 2^exponent x.</summary>
    public static void Scale<T>(T* x, nint rows, nint columns, nint stride, int exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (exponent == 0) return;
        for (nint i = 0; i < rows; i++)
        {
            for (nint j = 0; j < columns; j++) x[i * stride + j] = T.ScaleB(x[i * stride + j], exponent);
        }
    }

    [MethodImpl(Compile.Apart)]
    private static T Largest<V, T>(T* x, nint rows, nint columns, nint stride)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V largest = default, zeros = default, none = default;
        T last = T.Zero, lastZeros = T.Zero;
        for (nint i = 0; i < rows; i++)
        {
            var row = x + i * stride;
            nint j = 0;
            for (; j + V.Count <= columns; j += V.Count)
            {
                // x 0 is NaN where x is not finite.
                var value = V.Load(row + j);
                zeros = V.FusedMultiplyAdd(value, none, zeros);
                largest = V.Greater(V.Greater(value, none - value), largest);
            }

            for (; j < columns; j++)
            {
                lastZeros += row[j] * T.Zero;
                last = T.Max(last, T.Abs(row[j]));
            }
        }

        var lanes = stackalloc T[2 * V.Count];
        V.Store(largest, lanes);
        V.Store(zeros, lanes + V.Count);
        for (var l = 0; l < V.Count; l++)
        {
            last = T.Max(last, lanes[l]);
            lastZeros += lanes[V.Count + l];
        }

        return T.IsNaN(lastZeros) ? T.NaN : last;
    }
}
