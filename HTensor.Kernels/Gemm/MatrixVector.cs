using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// A row-major matrix times a contiguous vector: each row's dot product in sixteen lanes, lane l summing the elements l, l + 16, ... in order,
/// and the lanes added in halves: eight, four, two, one. The order is the same at every width.
/// </summary>
internal static unsafe class MatrixVector
{
    /// <summary>By shape and layout alone: the order of the sum differs from that of <see cref="GemmTile{V, T, TShape, TLayout}"/>.</summary>
    public static bool Fits<T>(in GemmProblem<T> problem)
        where T : unmanaged =>
        problem.N == 1 && problem.A.UnitColumns && (problem.B.UnitRows || problem.K == 1);

    public static void Run<T>(in GemmProblem<T> problem, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (SimdWidth.Bits)
        {
            case 512: MatrixVectorRun<Simd512<T>, T>.Run(problem, team); break;
            case 256: MatrixVectorRun<Simd256<T>, T>.Run(problem, team); break;
            case 128: MatrixVectorRun<Simd128<T>, T>.Run(problem, team); break;
            default: MatrixVectorRun<SimdScalar<T>, T>.Run(problem, team); break;
        }
    }
}

internal sealed unsafe class MatrixVectorRun<V, T> : IParallelBody
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Lanes = 16;
    private const int RowBlock = 4;

    /// <summary>Elements of a row between two passes over its lanes: with narrow registers the block is read again, from the first-level cache.</summary>
    private const int Block = 1024;

    private const long PieceWork = 1 << 18;

    [ThreadStatic]
    private static MatrixVectorRun<V, T>? _ofThread;

    private GemmProblem<T> _problem;
    private int _rowsOfPiece;

    public static void Run(in GemmProblem<T> problem, ThreadTeam team)
    {
        var run = _ofThread ??= new MatrixVectorRun<V, T>();
        run._problem = problem;
        run._rowsOfPiece = (int)long.Clamp(PieceWork / problem.K / RowBlock * RowBlock, RowBlock, 1 << 20);
        team.Run(run, (problem.M - 1) / run._rowsOfPiece + 1);
    }

    [SkipLocalsInit]
    void IParallelBody.Run(int index, int worker)
    {
        var sums = stackalloc T[RowBlock * Lanes];
        var rows = stackalloc T*[RowBlock];
        var row = index * _rowsOfPiece;
        var end = row + int.Min(_problem.M - row, _rowsOfPiece);
        for (; row < end; row += RowBlock)
        {
            // Past the end, the last row is computed again and not stored.
            for (var r = 0; r < RowBlock; r++) rows[r] = _problem.A.Data + _problem.A.Row(row + int.Min(r, end - 1 - row));
            Dots(rows, _problem.B.Data, _problem.K, sums);
            for (var r = 0; r < RowBlock && row + r < end; r++)
            {
                var to = _problem.C.Data + _problem.C.Row(row + r);
                *to = _problem.Accumulation == Accumulation.Add ? *to + sums[r] : sums[r];
            }
        }
    }

    [SkipLocalsInit]
    private static void Dots(T** rows, T* x, int length, T* sums)
    {
        new Span<T>(sums, RowBlock * Lanes).Clear();
        var full = length / Lanes * Lanes;
        for (var at = 0; at < full; at += Block)
        {
            var count = int.Min(Block, full - at);
            for (var lane = 0; lane < Lanes; lane += V.Count)
                Pass(rows[0] + at + lane, rows[1] + at + lane, rows[2] + at + lane, rows[3] + at + lane, x + at + lane, count, sums + lane);
        }

        if (full < length) Tail(rows, x, full, length - full, sums);
        for (var r = 0; r < RowBlock; r++) sums[r] = Total(sums + r * Lanes);
    }

    /// <summary>In registers as long as a half fills one: scalar sums took as long as the loads of a row of 1,024 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Total(T* lanes)
    {
        var half = Lanes / 2;
        for (; half >= Simd256<T>.Count; half /= 2)
        {
            for (var l = 0; l < half; l += Simd256<T>.Count) Simd256<T>.Store(Simd256<T>.Load(lanes + l) + Simd256<T>.Load(lanes + half + l), lanes + l);
        }

        if (half == Simd128<T>.Count)
        {
            Simd128<T>.Store(Simd128<T>.Load(lanes) + Simd128<T>.Load(lanes + half), lanes);
            half /= 2;
        }

        for (; half > 1; half /= 2)
        {
            for (var l = 0; l < half; l++) lanes[l] += lanes[l + half];
        }

        return lanes[0] + lanes[1];
    }

    [MethodImpl(Compile.Apart)]
    private static void Pass(T* r0, T* r1, T* r2, T* r3, T* x, int count, T* sums)
    {
        var s0 = V.Load(sums);
        var s1 = V.Load(sums + Lanes);
        var s2 = V.Load(sums + 2 * Lanes);
        var s3 = V.Load(sums + 3 * Lanes);
        for (nint p = 0; p < count; p += Lanes)
        {
            var factor = V.Load(x + p);
            s0 = V.FusedMultiplyAdd(V.Load(r0 + p), factor, s0);
            s1 = V.FusedMultiplyAdd(V.Load(r1 + p), factor, s1);
            s2 = V.FusedMultiplyAdd(V.Load(r2 + p), factor, s2);
            s3 = V.FusedMultiplyAdd(V.Load(r3 + p), factor, s3);
        }

        V.Store(s0, sums);
        V.Store(s1, sums + Lanes);
        V.Store(s2, sums + 2 * Lanes);
        V.Store(s3, sums + 3 * Lanes);
    }

    private static void Tail(T** rows, T* x, int at, int count, T* sums)
    {
        for (var r = 0; r < RowBlock; r++)
        {
            for (var l = 0; l < count; l++)
                sums[r * Lanes + l] = T.FusedMultiplyAdd(rows[r][at + l], x[at + l], sums[r * Lanes + l]);
        }
    }
}
