using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>Products of row-major matrices, on the calling thread: the small ones of the algebra.</summary>
internal static class RowMajor
{
    /// <summary>C [m, n] = A [m, k] B [k, n].</summary>
    public static void Multiply<T>(int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, Accumulation accumulation = Accumulation.Overwrite)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gemm.Multiply(m, n, k, new MatrixOperand<T>(a, k, 1), new MatrixOperand<T>(b, n, 1), c, n, 1, accumulation, ThreadTeam.Inline);

    /// <summary>C [m, n] = A^T B, A [k, m], B [k, n].</summary>
    public static void TransposedTimes<T>(int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, Accumulation accumulation = Accumulation.Overwrite)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gemm.Multiply(m, n, k, new MatrixOperand<T>(a, 1, m), new MatrixOperand<T>(b, n, 1), c, n, 1, accumulation, ThreadTeam.Inline);

    /// <summary>C [m, n] = A B^T, A [m, k], B [n, k].</summary>
    public static void TimesTransposed<T>(int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, Accumulation accumulation = Accumulation.Overwrite)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gemm.Multiply(m, n, k, new MatrixOperand<T>(a, k, 1), new MatrixOperand<T>(b, 1, k), c, n, 1, accumulation, ThreadTeam.Inline);

    /// <summary>C_i [m, n] = A B_i for each of <paramref name="batch"/> matrices B_i [k, n] that lie one behind the other, A [m, k].</summary>
    public static void MultiplyEach<T>(int batch, int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, Accumulation accumulation = Accumulation.Overwrite)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        GemmBatch.Multiply(batch, m, n, k, new MatrixOperand<T>(a, k, 1), 0, new MatrixOperand<T>(b, n, 1), (nint)k * n, c, (nint)m * n, n, 1, accumulation, ThreadTeam.Inline);

    /// <summary>The same with A^T, A [k, m].</summary>
    public static void TransposedTimesEach<T>(int batch, int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, Accumulation accumulation = Accumulation.Overwrite)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        GemmBatch.Multiply(batch, m, n, k, new MatrixOperand<T>(a, 1, m), 0, new MatrixOperand<T>(b, n, 1), (nint)k * n, c, (nint)m * n, n, 1, accumulation, ThreadTeam.Inline);
}
