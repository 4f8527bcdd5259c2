using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// One row times a matrix of contiguous rows: four rows of B at a time are added, scaled, to sums that stay in the first-level cache, so B is
/// read once, in long runs. Each sum is the chain of the general product.
/// </summary>
internal sealed unsafe class RowMatrix<V, T> : IParallelBody
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A piece's sums stay in the first-level cache; whole rows of B in a piece are read faster than halves, measured 11.5 against 15.4 GB/s.</summary>
    private const int MostColumns = 1024;

    /// <summary>So that several threads share a matrix of 1,024 columns. Each column has its sum to itself: pieces do not change bits.</summary>
    private const int ColumnsOfSharedPiece = 512;

    [ThreadStatic]
    private static RowMatrix<V, T>? _ofThread;

    private GemmProblem<T> _problem;
    private int _columnsOfPiece;

    public static void Run(in GemmProblem<T> problem, ThreadTeam team)
    {
        var run = _ofThread ??= new RowMatrix<V, T>();
        run._problem = problem;
        run._columnsOfPiece = team.Size > 1 ? ColumnsOfSharedPiece : MostColumns;
        team.Run(run, (problem.N - 1) / run._columnsOfPiece + 1);
    }

    [SkipLocalsInit]
    void IParallelBody.Run(int index, int worker)
    {
        var sums = stackalloc T[MostColumns];
        var column = index * _columnsOfPiece;
        var columns = int.Min(_columnsOfPiece, _problem.N - column);
        for (var first = 0; first < _problem.K; first += Gemm.DepthBlock)
        {
            new Span<T>(sums, columns).Clear();
            var end = int.Min(_problem.K, first + Gemm.DepthBlock);
            var p = first;
            for (; p + 4 <= end; p += 4) AddFour(p, column, columns, sums);
            for (; p < end; p++) AddOne(p, column, columns, sums);
            Finish(first == 0 ? _problem.Accumulation : Accumulation.Add, column, columns, sums);
        }
    }

    [MethodImpl(Compile.Apart)]
    private void AddFour(int p, int column, int columns, T* sums)
    {
        T* b0 = RowOfB(p, column), b1 = RowOfB(p + 1, column), b2 = RowOfB(p + 2, column), b3 = RowOfB(p + 3, column);
        T a0 = ElementOfA(p), a1 = ElementOfA(p + 1), a2 = ElementOfA(p + 2), a3 = ElementOfA(p + 3);
        V x0 = V.Broadcast(a0), x1 = V.Broadcast(a1), x2 = V.Broadcast(a2), x3 = V.Broadcast(a3);
        nint j = 0;
        for (; j + V.Count <= columns; j += V.Count)
        {
            var sum = V.FusedMultiplyAdd(x0, V.Load(b0 + j), V.Load(sums + j));
            sum = V.FusedMultiplyAdd(x1, V.Load(b1 + j), sum);
            sum = V.FusedMultiplyAdd(x2, V.Load(b2 + j), sum);
            V.Store(V.FusedMultiplyAdd(x3, V.Load(b3 + j), sum), sums + j);
        }

        for (; j < columns; j++)
        {
            var sum = T.FusedMultiplyAdd(a0, b0[j], sums[j]);
            sum = T.FusedMultiplyAdd(a1, b1[j], sum);
            sum = T.FusedMultiplyAdd(a2, b2[j], sum);
            sums[j] = T.FusedMultiplyAdd(a3, b3[j], sum);
        }
    }

    private void AddOne(int p, int column, int columns, T* sums)
    {
        var b = RowOfB(p, column);
        var a = ElementOfA(p);
        for (var j = 0; j < columns; j++) sums[j] = T.FusedMultiplyAdd(a, b[j], sums[j]);
    }

    private void Finish(Accumulation accumulation, int column, int columns, T* sums)
    {
        for (var j = 0; j < columns; j++)
        {
            var to = _problem.C.Data + _problem.C.Row(0) + _problem.C.Column(column + j);
            *to = accumulation == Accumulation.Add ? *to + sums[j] : sums[j];
        }
    }

    private T* RowOfB(int p, int column) => _problem.B.Data + _problem.B.Row(p) + column;

    private T ElementOfA(int p) => _problem.A.Data[_problem.A.Row(0) + _problem.A.Column(p)];
}
