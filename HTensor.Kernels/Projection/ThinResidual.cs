using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace HTensor.Kernels;

/// <summary>
/// sum_i (A - Q B)[i, j]^2 of each column j, for a few columns Q [rows, k]: neither the product nor the difference is written. Each entry of the
/// product is one chain over k, each sum one over rows: the bits do not depend on the instruction set or the team.
/// </summary>
public static unsafe class ThinResidual
{
    /// <summary>Adds to <paramref name="sums"/> [columns]. 2 rows columns k operations. A's row i stands at <c>i * aStride</c>, Q's at <c>i * k</c>.</summary>
    /// <exception cref="ArgumentException">Memory is too short for the shapes, or B has other columns.</exception>
    public static void AddSquares<T>(int rows, int columns, ReadOnlySpan<T> q, PanelMatrix<T> b, ReadOnlySpan<T> a, nint aStride, Span<T> sums, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(team);
        ThinGuard.Require(rows, columns, q.Length, a.Length, aStride, b);
        SpanGuard.SameLength(columns, sums.Length, "a row of a", nameof(sums));
        if (rows == 0) return;
        fixed (T* pq = q, pa = a, pb = b.Span, ps = sums)
        {
            var problem = new ThinProblem<T> { Rows = rows, Columns = columns, K = b.Rows, Q = pq, A = pa, AStride = aStride, C = pb };
            switch (SimdWidth.Bits)
            {
                case 512: ResidualRun<Simd512<T>, T>.Run(problem, ps, team); break;
                case 256: ResidualRun<Simd256<T>, T>.Run(problem, ps, team); break;
                case 128: ResidualRun<Simd128<T>, T>.Run(problem, ps, team); break;
                default: ResidualRun<SimdScalar<T>, T>.Run(problem, ps, team); break;
            }
        }
    }
}

internal sealed unsafe class ResidualRun<V, T> : IParallelBody
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int PanelsOfPiece = 32;
    private const int BlockRows = 16;
    private const int PrefetchAhead = 16;

    [ThreadStatic]
    private static ResidualRun<V, T>? _ofThread;

    private ThinProblem<T> _problem;
    private T* _sums;

    private static int Width => PanelMatrix<T>.Width;

    public static void Run(in ThinProblem<T> problem, T* sums, ThreadTeam team)
    {
        var run = _ofThread ??= new ResidualRun<V, T>();
        run._problem = problem;
        run._sums = sums;
        var panels = (problem.Columns + Width - 1) / Width;
        team.Run(run, (panels + PanelsOfPiece - 1) / PanelsOfPiece);
    }

    void IParallelBody.Run(int index, int worker)
    {
        var end = int.Min(_problem.Columns, (index + 1) * PanelsOfPiece * Width);
        for (var row = 0; row < _problem.Rows; row += BlockRows)
        {
            var rows = int.Min(BlockRows, _problem.Rows - row);
            for (var column = index * PanelsOfPiece * Width; column < end; column += Width)
            {
                if (end - column >= Width) Panel(row, rows, column);
                else Edge(row, rows, column, end);
            }
        }
    }

    private void Panel(int row, int rows, int column)
    {
        var (k, stride) = (_problem.K, _problem.AStride);
        for (var v = 0; v < Width; v += V.Count)
        {
            var q = _problem.Q + (nint)row * k;
            var a = _problem.A + row * stride + column + v;
            var b = _problem.C + (nint)column * k + v;
            var sum = V.Load(_sums + column + v);
            var left = rows;
            for (; left >= 8; left -= 8, q += 8 * k, a += 8 * stride) sum = Eight(q, k, b, a, stride, sum);
            for (; left > 0; left--, q += k, a += stride)
            {
                V product = default;
                for (nint i = 0; i < k; i++) product = V.FusedMultiplyAdd(V.Load(b + i * Width), q + i, product);
                sum = AddSquare(V.Load(a) - product, sum);
            }

            V.Store(sum, _sums + column + v);
        }
    }

    private void Edge(int row, int rows, int column, int end)
    {
        for (nint p = row; p < row + rows; p++)
        {
            for (var j = column; j < end; j++)
            {
                var product = T.Zero;
                for (nint i = 0; i < _problem.K; i++) product = T.FusedMultiplyAdd(_problem.C[column * _problem.K + i * Width + j - column], _problem.Q[p * _problem.K + i], product);
                var e = _problem.A[p * _problem.AStride + j] - product;
                _sums[j] = T.FusedMultiplyAdd(e, e, _sums[j]);
            }
        }
    }

    [MethodImpl(Compile.Apart)]
    private static V Eight(T* q, nint k, T* b, T* a, nint stride, V sum)
    {
        V p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default, p6 = default, p7 = default;
        T* q3 = q + 3 * k, q6 = q + 6 * k;
        if (Sse.IsSupported)
        {
            for (nint r = 0; r < 8; r++) Sse.Prefetch0(a + r * stride + PrefetchAhead * Width);
        }

        for (nint i = 0; i < k; i++)
        {
            var x = V.Load(b + i * Width);
            p0 = V.FusedMultiplyAdd(x, q + i, p0);
            p1 = V.FusedMultiplyAdd(x, q + k + i, p1);
            p2 = V.FusedMultiplyAdd(x, q + 2 * k + i, p2);
            p3 = V.FusedMultiplyAdd(x, q3 + i, p3);
            p4 = V.FusedMultiplyAdd(x, q3 + k + i, p4);
            p5 = V.FusedMultiplyAdd(x, q3 + 2 * k + i, p5);
            p6 = V.FusedMultiplyAdd(x, q6 + i, p6);
            p7 = V.FusedMultiplyAdd(x, q6 + k + i, p7);
        }

        sum = AddSquare(V.Load(a) - p0, sum);
        sum = AddSquare(V.Load(a + stride) - p1, sum);
        sum = AddSquare(V.Load(a + 2 * stride) - p2, sum);
        sum = AddSquare(V.Load(a + 3 * stride) - p3, sum);
        sum = AddSquare(V.Load(a + 4 * stride) - p4, sum);
        sum = AddSquare(V.Load(a + 5 * stride) - p5, sum);
        sum = AddSquare(V.Load(a + 6 * stride) - p6, sum);
        return AddSquare(V.Load(a + 7 * stride) - p7, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V AddSquare(V x, V sum) => V.FusedMultiplyAdd(x, x, sum);
}
