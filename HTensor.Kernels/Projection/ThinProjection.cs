using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace HTensor.Kernels;

/// <summary>
/// C [k, n] += Q^T A for a few columns Q [rows, k] and rows of A as they lie, each read once: a tile of C stays in registers while rows of A pass
/// by. A sum over rows is taken in blocks of <see cref="BlockRows"/>, each one chain of fused multiply-adds, added in order: the bits do not depend
/// on the instruction set or the team.
/// </summary>
public static unsafe class ThinProjection
{
    internal const int BlockRows = 16;

    /// <summary>2 rows columns k operations. A's row i stands at <c>i * aStride</c>, Q's at <c>i * k</c>.</summary>
    /// <exception cref="ArgumentException">Memory is too short for the shapes, or C has other rows or columns.</exception>
    public static void Add<T>(int rows, int columns, ReadOnlySpan<T> q, ReadOnlySpan<T> a, nint aStride, PanelMatrix<T> c, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(team);
        ThinGuard.Require(rows, columns, q.Length, a.Length, aStride, c);
        if (rows == 0) return;
        fixed (T* pq = q, pa = a, pc = c.Span)
        {
            var problem = new ThinProblem<T> { Rows = rows, Columns = columns, K = c.Rows, Q = pq, A = pa, AStride = aStride, C = pc };
            switch (SimdWidth.Bits)
            {
                case 512: ProjectionRun<Simd512<T>, T>.Run(problem, team); break;
                case 256: ProjectionRun<Simd256<T>, T>.Run(problem, team); break;
                case 128: ProjectionRun<Simd128<T>, T>.Run(problem, team); break;
                default: ProjectionRun<SimdScalar<T>, T>.Run(problem, team); break;
            }
        }
    }
}

internal unsafe struct ThinProblem<T>
    where T : unmanaged
{
    public int Rows;
    public int Columns;
    public int K;
    public T* Q;
    public T* A;
    public nint AStride;
    public T* C;
}

internal static class ThinGuard
{
    public static void Require<T>(int rows, int columns, int qLength, int aLength, nint aStride, PanelMatrix<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (c.Columns != columns) throw new ArgumentException($"columns of c: expected {columns}, found {c.Columns}", nameof(c));
        if (qLength != (long)rows * c.Rows) throw new ArgumentException($"length of q: expected {rows} x {c.Rows}, found {qLength}");
        if (rows > 0 && (aStride < columns || (rows - 1) * (long)aStride + columns > aLength))
            throw new ArgumentException($"a [{rows}, {columns}]: expected rows {aStride} apart within its {aLength} elements, each of {columns} or more");
    }
}

internal sealed unsafe class ProjectionRun<V, T> : IParallelBody
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int PanelsOfPiece = 32;
    private const int PrefetchAhead = 16;

    [ThreadStatic]
    private static ProjectionRun<V, T>? _ofThread;

    private ThinProblem<T> _problem;
    private int _row;

    private static int Width => PanelMatrix<T>.Width;

    public static void Run(in ThinProblem<T> problem, ThreadTeam team)
    {
        var run = _ofThread ??= new ProjectionRun<V, T>();
        run._problem = problem;
        var panels = (problem.Columns + Width - 1) / Width;
        for (run._row = 0; run._row < problem.Rows; run._row += ThinProjection.BlockRows) team.Run(run, (panels + PanelsOfPiece - 1) / PanelsOfPiece);
    }

    void IParallelBody.Run(int index, int worker)
    {
        var rows = int.Min(ThinProjection.BlockRows, _problem.Rows - _row);
        var q = _problem.Q + (nint)_row * _problem.K;
        var end = int.Min(_problem.Columns, (index + 1) * PanelsOfPiece * Width);
        for (var column = index * PanelsOfPiece * Width; column < end; column += Width)
        {
            var a = _problem.A + _row * _problem.AStride + column;
            var c = _problem.C + (nint)column * _problem.K;
            var count = int.Min(Width, end - column);
            if (count == Width) Panel(rows, q, a, c);
            else Edge(rows, count, q, a, c);
        }
    }

    private void Panel(int rows, T* q, T* a, T* c)
    {
        for (var v = 0; v < Width; v += V.Count)
        {
            var i = 0;
            for (; i + 16 <= _problem.K; i += 16) Sixteen(rows, q + i, _problem.K, a + v, _problem.AStride, c + i * Width + v);
            for (; i + 8 <= _problem.K; i += 8) Eight(rows, q + i, _problem.K, a + v, _problem.AStride, c + i * Width + v);
            for (; i < _problem.K; i++) One(rows, q + i, _problem.K, a + v, _problem.AStride, c + i * Width + v);
        }
    }

    private void Edge(int rows, int count, T* q, T* a, T* c)
    {
        for (var i = 0; i < _problem.K; i++)
        {
            for (var j = 0; j < count; j++)
            {
                var sum = T.Zero;
                for (nint p = 0; p < rows; p++) sum = T.FusedMultiplyAdd(a[p * _problem.AStride + j], q[p * _problem.K + i], sum);
                c[i * Width + j] += sum;
            }
        }
    }

    [MethodImpl(Compile.Apart)]
    private static void Sixteen(nint rows, T* q, nint k, T* a, nint aStride, T* c)
    {
        V c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        V c8 = default, c9 = default, c10 = default, c11 = default, c12 = default, c13 = default, c14 = default, c15 = default;
        for (; rows > 0; rows--)
        {
            if (Sse.IsSupported) Sse.Prefetch0(a + PrefetchAhead * Width);
            var x = V.Load(a);
            c0 = V.FusedMultiplyAdd(x, q, c0);
            c1 = V.FusedMultiplyAdd(x, q + 1, c1);
            c2 = V.FusedMultiplyAdd(x, q + 2, c2);
            c3 = V.FusedMultiplyAdd(x, q + 3, c3);
            c4 = V.FusedMultiplyAdd(x, q + 4, c4);
            c5 = V.FusedMultiplyAdd(x, q + 5, c5);
            c6 = V.FusedMultiplyAdd(x, q + 6, c6);
            c7 = V.FusedMultiplyAdd(x, q + 7, c7);
            c8 = V.FusedMultiplyAdd(x, q + 8, c8);
            c9 = V.FusedMultiplyAdd(x, q + 9, c9);
            c10 = V.FusedMultiplyAdd(x, q + 10, c10);
            c11 = V.FusedMultiplyAdd(x, q + 11, c11);
            c12 = V.FusedMultiplyAdd(x, q + 12, c12);
            c13 = V.FusedMultiplyAdd(x, q + 13, c13);
            c14 = V.FusedMultiplyAdd(x, q + 14, c14);
            c15 = V.FusedMultiplyAdd(x, q + 15, c15);
            a += aStride;
            q += k;
        }

        Add(c0, c);
        Add(c1, c + Width);
        Add(c2, c + 2 * Width);
        Add(c3, c + 3 * Width);
        Add(c4, c + 4 * Width);
        Add(c5, c + 5 * Width);
        Add(c6, c + 6 * Width);
        Add(c7, c + 7 * Width);
        Add(c8, c + 8 * Width);
        Add(c9, c + 9 * Width);
        Add(c10, c + 10 * Width);
        Add(c11, c + 11 * Width);
        Add(c12, c + 12 * Width);
        Add(c13, c + 13 * Width);
        Add(c14, c + 14 * Width);
        Add(c15, c + 15 * Width);
    }

    [MethodImpl(Compile.Apart)]
    private static void Eight(nint rows, T* q, nint k, T* a, nint aStride, T* c)
    {
        V c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        for (; rows > 0; rows--)
        {
            if (Sse.IsSupported) Sse.Prefetch0(a + PrefetchAhead * Width);
            var x = V.Load(a);
            c0 = V.FusedMultiplyAdd(x, q, c0);
            c1 = V.FusedMultiplyAdd(x, q + 1, c1);
            c2 = V.FusedMultiplyAdd(x, q + 2, c2);
            c3 = V.FusedMultiplyAdd(x, q + 3, c3);
            c4 = V.FusedMultiplyAdd(x, q + 4, c4);
            c5 = V.FusedMultiplyAdd(x, q + 5, c5);
            c6 = V.FusedMultiplyAdd(x, q + 6, c6);
            c7 = V.FusedMultiplyAdd(x, q + 7, c7);
            a += aStride;
            q += k;
        }

        Add(c0, c);
        Add(c1, c + Width);
        Add(c2, c + 2 * Width);
        Add(c3, c + 3 * Width);
        Add(c4, c + 4 * Width);
        Add(c5, c + 5 * Width);
        Add(c6, c + 6 * Width);
        Add(c7, c + 7 * Width);
    }

    private static void One(nint rows, T* q, nint k, T* a, nint aStride, T* c)
    {
        V sum = default;
        for (; rows > 0; rows--, a += aStride, q += k) sum = V.FusedMultiplyAdd(V.Load(a), q, sum);
        Add(sum, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(V sum, T* c) => V.Store(V.Load(c) + sum, c);
}
