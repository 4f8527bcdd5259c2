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
    internal const int DepthBlock = 384;

    /// <summary>
    /// C[i, j] (+)= sum_p A[i, p] B[p, j], with C at <c>i * rowStride + j * columnStride</c> of <paramref name="c"/>. 2 m n k operations.
    /// </summary>
    /// <exception cref="ArgumentException">An operand or the destination is too short for its offsets, or they overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static void Multiply<T>(int m, int n, int k, in MatrixOperand<T> a, in MatrixOperand<T> b, Span<T> c, nint rowStride, nint columnStride,
        Accumulation accumulation, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(team);
        if (SmallProduct<T>.Fits(m, n, k, accumulation) && columnStride == 1 && rowStride >= n && GemmGuard.HoldsRows(c.Length, m, n, rowStride)
            && GemmGuard.HasRows(b, k, n) && (GemmGuard.HasRows(a, m, k) || GemmGuard.HasColumns(a, m, k)))
        {
            fixed (T* pa = a.Data, pb = b.Data, pc = c)
            {
                GemmGuard.Disjoint(pa, a.Data.Length, pc, c.Length, nameof(a));
                GemmGuard.Disjoint(pb, b.Data.Length, pc, c.Length, nameof(b));
                if (a.ColumnStride == 1) SmallProduct<T>.Run<RowsContiguous>(m, n, k, pa, a.RowStride, pb, b.RowStride, pc, rowStride, accumulation);
                else SmallProduct<T>.Run<RowsInterleaved>(m, n, k, pa, a.ColumnStride, pb, b.RowStride, pc, rowStride, accumulation);
            }

            return;
        }

        Multiply(m, n, k, a, b, c, rowStride, columnStride, default, default, accumulation, team);
    }

    /// <summary>
    /// The same product into C [m, n] at <c>rowOffsets[i] + columnOffsets[j]</c> of <paramref name="c"/>; these must differ for all (i, j), which is found
    /// out only of neighbours, of even steps, and of more elements than there is room: where they do not differ, those of C are undefined, no others.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An operand or the destination is too short for its offsets, or they overlap, tables included; a table has another length than its axis; elements of C
    /// coincide.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static void Multiply<T>(int m, int n, int k, in MatrixOperand<T> a, in MatrixOperand<T> b, Span<T> c, ReadOnlySpan<int> rowOffsets,
        ReadOnlySpan<int> columnOffsets, Accumulation accumulation, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Multiply(m, n, k, a, b, c, 0, 0, rowOffsets, columnOffsets, accumulation, team);

    private static void Multiply<T>(int m, int n, int k, in MatrixOperand<T> a, in MatrixOperand<T> b, Span<T> c, nint rowStride, nint columnStride,
        ReadOnlySpan<int> rowOffsets, ReadOnlySpan<int> columnOffsets, Accumulation accumulation, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(team);
        GemmGuard.Sizes(m, n, k);
        GemmGuard.Fits(nameof(a), a.Data.Length, m, k, a.RowStride, a.ColumnStride, a.RowOffsets, a.ColumnOffsets);
        GemmGuard.Fits(nameof(b), b.Data.Length, k, n, b.RowStride, b.ColumnStride, b.RowOffsets, b.ColumnOffsets);
        GemmGuard.Fits("destination", c.Length, m, n, rowStride, columnStride, rowOffsets, columnOffsets);
        if (rowOffsets.IsEmpty) GemmGuard.DistinctElements(m, n, rowStride, columnStride);
        else GemmGuard.DistinctElements(m, n, rowOffsets, columnOffsets);
        Unsafe.SkipInit(out GemmProblem<T> problem);
        (problem.M, problem.N, problem.K, problem.Accumulation) = (m, n, k, accumulation);
        fixed (T* pa = a.Data, pb = b.Data, pc = c)
        {
            GemmGuard.Disjoint(pa, a.Data.Length, pc, c.Length, nameof(a));
            GemmGuard.Disjoint(pb, b.Data.Length, pc, c.Length, nameof(b));
            problem.A.Set(pa, a.RowStride, a.ColumnStride, m, k);
            problem.B.Set(pb, b.RowStride, b.ColumnStride, k, n);
            problem.C.Set(pc, rowStride, columnStride, m, n);
            if (a.RowOffsets.IsEmpty && a.ColumnOffsets.IsEmpty && b.RowOffsets.IsEmpty && b.ColumnOffsets.IsEmpty && rowOffsets.IsEmpty && columnOffsets.IsEmpty)
                GemmPaths.Run(ref problem, team);
            else
                RunGathered(ref problem, a, b, c, rowOffsets, columnOffsets, team);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunGathered<T>(ref GemmProblem<T> problem, in MatrixOperand<T> a, in MatrixOperand<T> b, ReadOnlySpan<T> c,
        ReadOnlySpan<int> rowOffsets, ReadOnlySpan<int> columnOffsets, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GemmGuard.TablesApart(a, nameof(a), c);
        GemmGuard.TablesApart(b, nameof(b), c);
        GemmGuard.TablesApart(new MatrixOperand<T>([], rowOffsets, columnOffsets), "destination", c);
        fixed (int* aRows = a.RowOffsets, aColumns = a.ColumnOffsets, bRows = b.RowOffsets, bColumns = b.ColumnOffsets, cRows = rowOffsets, cColumns = columnOffsets)
        {
            problem.A.SetTables(aRows, problem.M, aColumns, problem.K);
            problem.B.SetTables(bRows, problem.K, bColumns, problem.N);
            problem.C.SetTables(cRows, problem.M, cColumns, problem.N);
            if (problem.C.RowTable == null && problem.C.ColumnTable == null) GemmGuard.DistinctElements(problem.M, problem.N, problem.C.RowStride, problem.C.ColumnStride);
            GemmPaths.Run(ref problem, team);
        }
    }
}
