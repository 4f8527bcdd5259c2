using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Dense matrix products C [m, n] (+)= A [m, k] B [k, n]: cache-blocked, packed where it pays, for operands that are transposed, strided or
/// gathered. A sum over k is taken in blocks of <see cref="DepthBlock"/>, each one chain of fused multiply-adds, added up in order: bits do not
/// depend on the instruction set or on the team's size. Nothing is allocated once a thread has its packing buffers. NaN and infinities propagate.
/// </summary>
public static unsafe class Gemm
{
    /// <summary>One constant for all widths: it is part of the order of summation.</summary>
    internal const int DepthBlock = 256;

    /// <summary>
    /// C[i, j] (+)= sum_p A[i, p] B[p, j], with C at <c>i * rowStride + j * columnStride</c> of <paramref name="c"/>. 2 m n k operations.
    /// </summary>
    /// <exception cref="ArgumentException">An operand or the destination is too short for its offsets, or they overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static void Multiply<T>(int m, int n, int k, MatrixOperand<T> a, MatrixOperand<T> b, Span<T> c, nint rowStride, nint columnStride,
        Accumulation accumulation, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GemmGuard.DistinctElements(m, n, rowStride, columnStride);
        Multiply(m, n, k, a, b, c, rowStride, columnStride, default, default, accumulation, team);
    }

    /// <summary>
    /// The same product into C [m, n] at <c>rowOffsets[i] + columnOffsets[j]</c> of <paramref name="c"/>; these must differ for all (i, j).
    /// </summary>
    /// <exception cref="ArgumentException">An operand or the destination is too short for its offsets, or they overlap; a table has another length than its axis.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static void Multiply<T>(int m, int n, int k, MatrixOperand<T> a, MatrixOperand<T> b, Span<T> c, ReadOnlySpan<int> rowOffsets,
        ReadOnlySpan<int> columnOffsets, Accumulation accumulation, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Multiply(m, n, k, a, b, c, 0, 0, rowOffsets, columnOffsets, accumulation, team);

    private static void Multiply<T>(int m, int n, int k, MatrixOperand<T> a, MatrixOperand<T> b, Span<T> c, nint rowStride, nint columnStride,
        ReadOnlySpan<int> rowOffsets, ReadOnlySpan<int> columnOffsets, Accumulation accumulation, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(team);
        GemmGuard.Sizes(m, n, k);
        GemmGuard.Fits(nameof(a), a.Data.Length, m, k, a.RowStride, a.ColumnStride, a.RowOffsets, a.ColumnOffsets);
        GemmGuard.Fits(nameof(b), b.Data.Length, k, n, b.RowStride, b.ColumnStride, b.RowOffsets, b.ColumnOffsets);
        GemmGuard.Fits("destination", c.Length, m, n, rowStride, columnStride, rowOffsets, columnOffsets);
        GemmGuard.Disjoint(a.Data, c, nameof(a));
        GemmGuard.Disjoint(b.Data, c, nameof(b));
        fixed (T* pa = a.Data, pb = b.Data, pc = c)
        fixed (int* aRows = a.RowOffsets, aColumns = a.ColumnOffsets, bRows = b.RowOffsets, bColumns = b.ColumnOffsets, cRows = rowOffsets, cColumns = columnOffsets)
        {
            var product = new GemmProblem<T>
            {
                M = m, N = n, K = k, Accumulation = accumulation,
                A = MatrixView<T>.Of(pa, a.RowStride, a.ColumnStride, aRows, m, aColumns, k),
                B = MatrixView<T>.Of(pb, b.RowStride, b.ColumnStride, bRows, k, bColumns, n),
                C = MatrixView<T>.Of(pc, rowStride, columnStride, cRows, m, cColumns, n),
            };
            GemmPaths.Run(ref product, team);
        }
    }
}
