using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Products so small that packing, and the choice of a way, would show: B and C of contiguous rows, A of contiguous rows or columns, read and
/// written where they lie by the calling thread. Each sum is one chain, computed by <see cref="GemmTile{V, T, TShape, TLayout}"/>.
/// </summary>
internal static unsafe class SmallProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostRows = 128;

    /// <summary>Multiply-adds of one piece of a larger product, so threads lose nothing; narrower registers gain by packing from there.</summary>
    private static int MostWork => SimdWidth.Bits == 512 ? 1 << 21 : 1 << 20;

    /// <summary>A taller product of a few columns is <see cref="NarrowRun{V, T}"/>'s.</summary>
    private const int MostRowsOfNarrow = 31;
    private const int MostColumnsOfNarrow = 20;

    private const int NarrowestRegister = 16;
    private const int WidestRegister = 64;

    /// <summary>One row, whose sums may have another order, is left to <see cref="GemmPaths"/>; so are empty products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Fits(int m, int n, int k, Accumulation accumulation) =>
        (uint)(m - 2) <= MostRows - 2 && (uint)(k - 1) < Gemm.DepthBlock && (uint)(n - 1) < MostWork && (long)n * (m * k) <= MostWork
        && SimdWidth.Bits >= 128 && (n * sizeof(T) % WidestRegister == 0 || FitsWithRest(m, n, accumulation));

    /// <summary>The same of a validated problem, its layout included.</summary>
    public static bool Fits(in GemmProblem<T> problem) =>
        Fits(problem.M, problem.N, problem.K, problem.Accumulation) && problem.C.UnitColumns && problem.C.RowTable == null
        && problem.B.UnitColumns && problem.B.RowTable == null
        && ((problem.A.UnitColumns && problem.A.RowTable == null) || (problem.A.UnitRows && problem.A.ColumnTable == null));

    public static void Run(in GemmProblem<T> problem)
    {
        var (m, n, k) = (problem.M, problem.N, problem.K);
        var (a, b, c) = (problem.A, problem.B, problem.C);
        if (a.UnitColumns && a.RowTable == null)
            Run<RowsContiguous>(m, n, k, a.Data, a.RowStride, b.Data, b.RowStride, c.Data, c.RowStride, problem.Accumulation);
        else
            Run<RowsInterleaved>(m, n, k, a.Data, a.ColumnStride, b.Data, b.RowStride, c.Data, c.RowStride, problem.Accumulation);
    }

    /// <summary>C (+)= A B. A's element (i, p) is at <c>i * aStride + p</c>, or, interleaved, at <c>p * aStride + i</c>.</summary>
    [SkipLocalsInit]
    public static void Run<TLayout>(int m, int n, int k, T* a, nint aStride, T* b, nint bStride, T* c, nint cStride, Accumulation accumulation)
        where TLayout : struct, IPanelLayout
    {
        var rows = stackalloc nint[MostRows];
        for (nint i = 0, at = 0; i < m; i++, at += cStride) rows[i] = at;
        var bits = int.Min(SimdWidth.Bits, Widest(n * sizeof(T), accumulation));
        if (bits == 512) Columns<Simd512<T>, TLayout>(m, n, k, a, aStride, b, bStride, c, rows, accumulation);
        else if (bits == 256) Columns<Simd256<T>, TLayout>(m, n, k, a, aStride, b, bStride, c, rows, accumulation);
        else Columns<Simd128<T>, TLayout>(m, n, k, a, aStride, b, bStride, c, rows, accumulation);
    }

    private static bool FitsWithRest(int m, int n, Accumulation accumulation)
    {
        var bytes = n * sizeof(T);
        if (bytes < NarrowestRegister) return false;
        var quads = bytes % NarrowestRegister == 0;
        return (quads || accumulation == Accumulation.Overwrite) && (m <= MostRowsOfNarrow || n > MostColumnsOfNarrow || !quads);
    }

    // What is added must be added once: no register may overlap another.
    private static int Widest(int bytes, Accumulation accumulation) => accumulation == Accumulation.Overwrite
        ? bytes >= 64 ? 512 : bytes >= 32 ? 256 : 128
        : bytes % 64 == 0 ? 512 : bytes % 32 == 0 ? 256 : 128;

    private static void Columns<V, TLayout>(int m, int n, int k, T* a, nint aStride, T* b, nint bStride, T* c, nint* rows, Accumulation accumulation)
        where V : unmanaged, ISimd<V, T>
        where TLayout : struct, IPanelLayout
    {
        var j = 0;
        for (; j + 2 * V.Count <= n; j += 2 * V.Count)
            GemmPanel<V, T, TLayout>.Run(m, true, k, a, aStride, b + j, bStride, c + j, rows, null, accumulation);
        if (j + V.Count <= n)
        {
            GemmPanel<V, T, TLayout>.Run(m, false, k, a, aStride, b + j, bStride, c + j, rows, null, accumulation);
            j += V.Count;
        }

        // The last columns again in a register that ends with them: the same bits, written twice.
        if (j == n) return;
        if (V.Count > Simd128<T>.Count && n - j <= Simd128<T>.Count) Last<Simd128<T>, TLayout>(m, n, k, a, aStride, b, bStride, c, rows, accumulation);
        else if (V.Count > Simd256<T>.Count && n - j <= Simd256<T>.Count) Last<Simd256<T>, TLayout>(m, n, k, a, aStride, b, bStride, c, rows, accumulation);
        else Last<V, TLayout>(m, n, k, a, aStride, b, bStride, c, rows, accumulation);
    }

    private static void Last<V, TLayout>(int m, int n, int k, T* a, nint aStride, T* b, nint bStride, T* c, nint* rows, Accumulation accumulation)
        where V : unmanaged, ISimd<V, T>
        where TLayout : struct, IPanelLayout =>
        GemmPanel<V, T, TLayout>.Run(m, false, k, a, aStride, b + (n - V.Count), bStride, c + (n - V.Count), rows, null, accumulation);
}
