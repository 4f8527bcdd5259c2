using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// A tall product of few columns, at most 20: rows of A as they lie, pieces of rows over the team, through
/// <see cref="QuadTile{V, T, TColumns}"/>.
/// </summary>
internal sealed unsafe class NarrowRun<V, T> : IParallelBody
    where V : unmanaged, IQuads<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int LargestColumns = 20;
    private const int LargestDepth = 128;
    private const int LargestDepthOfFull = 32;
    private const int LineBytes = 64;

    /// <summary>Multiply-adds of a piece: some 20 microseconds.</summary>
    private const int PieceWork = 1 << 20;

    [ThreadStatic]
    private static NarrowRun<V, T>? _ofThread;

    private GemmProblem<T> _problem;
    private T* _b;
    private int _rowsOfPiece;
    private int _rows;

    private static int Block => 2 * V.Quads;

    /// <summary>Columns that fill registers, and fewer rows than make a block, are the general product's.</summary>
    public static bool Fits(in GemmProblem<T> problem) =>
        V.Quads > 0 && problem.N <= LargestColumns && problem.N % 4 == 0 && (problem.N % V.Count != 0 || FitsFull(problem)) && problem.M >= 4 * Block
        && problem.K is >= 4 and <= LargestDepth && problem.A.UnitColumns && problem.A.RowTable == null
        && problem.C.UnitColumns && problem.C.RowTable == null;

    // Two quads a register: what the general product's broadcasts cost at a small depth is more than what the quads' shuffles cost.
    private static bool FitsFull(in GemmProblem<T> problem) => V.Quads == 2 && sizeof(V) < LineBytes && problem.K <= LargestDepthOfFull;

    /// <summary>Computes whole blocks of rows and takes them off the problem.</summary>
    public static void Run(ref GemmProblem<T> problem, ThreadTeam team)
    {
        var run = _ofThread ??= new NarrowRun<V, T>();
        run._problem = problem;
        run.Run(team);
        problem.M -= run._rows;
        problem.A.Data += run._rows * problem.A.RowStride;
        problem.C.Data += run._rows * problem.C.RowStride;
    }

    private void Run(ThreadTeam team)
    {
        var (n, k) = (_problem.N, _problem.K);
        _rows = _problem.M / Block * Block;
        _rowsOfPiece = int.Max(1, PieceWork / (n * k * Block)) * Block;
        _b = (T*)ThreadBuffer.Right(LargestDepth * LargestColumns * sizeof(T));
        GemmPacking<SimdScalar<T>, T>.Panel(_problem.B, 0, k, 0, n, _b, n);
        team.Run(this, (_rows + _rowsOfPiece - 1) / _rowsOfPiece);
    }

    void IParallelBody.Run(int index, int worker)
    {
        var row = index * _rowsOfPiece;
        var blocks = (int.Min(_rows, row + _rowsOfPiece) - row) / Block;
        switch (_problem.N)
        {
            case 4: Quads<OneQuad>(row, blocks); break;
            case 8: Quads<TwoQuads>(row, blocks); break;
            case 12: Quads<ThreeQuads>(row, blocks); break;
            case 16: Quads<FourQuads>(row, blocks); break;
            default: Quads<FiveQuads>(row, blocks); break;
        }
    }

    private void Quads<TColumns>(int row, int blocks)
        where TColumns : struct, IQuadColumns =>
        QuadTile<V, T, TColumns>.Run(blocks, _problem.K, _problem.A.Data + row * _problem.A.RowStride, _problem.A.RowStride, _b,
            _problem.C.Data + row * _problem.C.RowStride, _problem.C.RowStride, _problem.Accumulation);
}
