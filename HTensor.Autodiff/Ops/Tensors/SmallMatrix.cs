using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>Row-major products for the backward passes of factorizations.</summary>
internal static class SmallMatrix
{
    /// <summary>C [m, n] = A [m, k] B [k, n].</summary>
    public static void Multiply<T>(int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, Accumulation accumulation = Accumulation.Overwrite)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gemm.Multiply(m, n, k, new MatrixOperand<T>(a, k, 1), new MatrixOperand<T>(b, n, 1), c, n, 1, accumulation, ThreadTeam.Inline);

    /// <summary>C [m, n] = A^T B, A [k, m].</summary>
    public static void TransposedTimes<T>(int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, Accumulation accumulation = Accumulation.Overwrite)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gemm.Multiply(m, n, k, new MatrixOperand<T>(a, 1, m), new MatrixOperand<T>(b, n, 1), c, n, 1, accumulation, ThreadTeam.Inline);

    /// <summary>C [m, n] = A B^T, B [n, k].</summary>
    public static void TimesTransposed<T>(int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, Accumulation accumulation = Accumulation.Overwrite)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gemm.Multiply(m, n, k, new MatrixOperand<T>(a, k, 1), new MatrixOperand<T>(b, 1, k), c, n, 1, accumulation, ThreadTeam.Inline);
}
