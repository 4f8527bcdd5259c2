using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Many products of one shape in one call: C_i [m, n] (+)= A_i [m, k] B_i [k, n], i below batch. Each has the bits of <see cref="Gemm"/>; small
/// ones are shared out whole, large ones by their tiles, one after the other.
/// </summary>
public static unsafe class GemmBatch
{
    /// <summary>
    /// Product i takes A, B and C with all offsets moved by i times <paramref name="aStride"/>, <paramref name="bStride"/>,
    /// <paramref name="cStride"/>; 0 for an A or B that all share. 2 batch m n k operations; nothing is allocated once threads have their buffers.
    /// </summary>
    /// <exception cref="ArgumentException">An operand or the destination is too short for its offsets, they overlap, or elements of C coincide.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static void Multiply<T>(int batch, int m, int n, int k, MatrixOperand<T> a, nint aStride, MatrixOperand<T> b, nint bStride,
        Span<T> c, nint cStride, nint rowStride, nint columnStride, Accumulation accumulation, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(team);
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        GemmGuard.Sizes(m, n, k);
        if (batch == 0 || m == 0 || n == 0) return;
        GemmGuard.BatchFits(nameof(a), a.Data.Length, batch, aStride, m, k, a.RowStride, a.ColumnStride, a.RowOffsets, a.ColumnOffsets);
        GemmGuard.BatchFits(nameof(b), b.Data.Length, batch, bStride, k, n, b.RowStride, b.ColumnStride, b.RowOffsets, b.ColumnOffsets);
        GemmGuard.BatchFits("destination", c.Length, batch, cStride, m, n, rowStride, columnStride, default, default);
        GemmGuard.DistinctElements(batch, cStride, m, rowStride, n, columnStride);
        Unsafe.SkipInit(out GemmProblem<T> problem);
        (problem.M, problem.N, problem.K, problem.Accumulation) = (m, n, k, accumulation);
        fixed (T* pa = a.Data, pb = b.Data, pc = c)
        fixed (int* aRows = a.RowOffsets, aColumns = a.ColumnOffsets, bRows = b.RowOffsets, bColumns = b.ColumnOffsets)
        {
            GemmGuard.Disjoint(pa, a.Data.Length, pc, c.Length, nameof(a));
            GemmGuard.Disjoint(pb, b.Data.Length, pc, c.Length, nameof(b));
            GemmGuard.TablesApart(a, nameof(a), (ReadOnlySpan<T>)c);
            GemmGuard.TablesApart(b, nameof(b), (ReadOnlySpan<T>)c);
            problem.A.Set(pa, a.RowStride, a.ColumnStride, m, k);
            problem.B.Set(pb, b.RowStride, b.ColumnStride, k, n);
            problem.C.Set(pc, rowStride, columnStride, m, n);
            problem.A.SetTables(aRows, m, aColumns, k);
            problem.B.SetTables(bRows, k, bColumns, n);
            GemmBatchRun<T>.Run(problem, batch, aStride, bStride, cStride, team);
        }
    }
}

internal sealed unsafe class GemmBatchRun<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Multiply-adds of a piece: some 50 microseconds.</summary>
    private const long PieceWork = 1L << 21;

    /// <summary>A product of more multiply-adds keeps a team busy by itself.</summary>
    private const long LargeWork = 8 * PieceWork;

    [ThreadStatic]
    private static GemmBatchRun<T>? _ofThread;

    private GemmProblem<T> _first;
    private int _batch;
    private nint _aStride;
    private nint _bStride;
    private nint _cStride;
    private int _productsOfPiece;
    private bool _small;

    public static void Run(in GemmProblem<T> first, int batch, nint aStride, nint bStride, nint cStride, ThreadTeam team)
    {
        var run = _ofThread ??= new GemmBatchRun<T>();
        (run._first, run._batch, run._aStride, run._bStride, run._cStride) = (first, batch, aStride, bStride, cStride);
        var work = long.Max(1, (long)first.M * first.N * first.K);
        if (work >= LargeWork)
        {
            run._small = false;
            for (var i = 0; i < batch; i++) run.Multiply(i, team);
            return;
        }

        run._small = SmallProduct<T>.Fits(first);
        run._productsOfPiece = (int)long.Clamp(PieceWork / work, 1, batch);
        team.Run(run, (batch + run._productsOfPiece - 1) / run._productsOfPiece);
    }

    void IParallelBody.Run(int index, int worker)
    {
        var end = long.Min(_batch, (index + 1L) * _productsOfPiece);
        for (var i = index * _productsOfPiece; i < end; i++) Multiply(i, ThreadTeam.Inline);
    }

    private void Multiply(int index, ThreadTeam team)
    {
        var problem = _first;
        problem.A.Data += index * _aStride;
        problem.B.Data += index * _bStride;
        problem.C.Data += index * _cStride;
        if (_small) SmallProduct<T>.Run(problem);
        else GemmPaths.Run(ref problem, team);
    }
}
