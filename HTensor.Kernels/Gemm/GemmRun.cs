using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// One product. The depth goes by chunks; of each, B is packed into panels by the whole team, then pieces of C are computed: a block of
/// rows of A stays in the nearer caches while the panels of B pass by. What is small or used once is read where it lies.
/// </summary>
internal sealed unsafe class GemmRun<V, T> : IParallelBody
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of A that are packed together: four tiles.</summary>
    private const int RowBlock = 48;

    /// <summary>Columns of B read where they lie, if no more rows of A than this use them.</summary>
    private const int FewRows = 24;

    /// <summary>B is read where it lies if it is no larger: it stays in the first-level cache.</summary>
    private const int SmallBytes = 16 * 1024;

    private const int LargestPackedBytes = 16 << 20;
    /// <summary>Multiply-adds of a piece: some 50 microseconds.</summary>
    private const long PieceWork = 1L << 21;

    private const int PackedBytesOfPiece = 1 << 17;

    [ThreadStatic]
    private static GemmRun<V, T>? _ofThread;

    private GemmProblem<T> _problem;
    private T* _packed;
    private T* _edge;
    private bool _packing;
    private int _firstColumn;
    private int _columns;
    private int _firstDepth;
    private int _depth;
    private int _rowsOfPiece;
    private int _columnsOfPiece;
    private int _panelsOfPiece;
    private int _rowPieces;

    private static int PanelWidth => 2 * V.Count;

    public static void Run(in GemmProblem<T> problem, ThreadTeam team)
    {
        if (ReadsInPlace(problem) && problem.N % V.Count == 0 && (long)problem.M * problem.N * problem.K < PieceWork)
        {
            var small = new GemmPiece<V, T> { Problem = problem, FirstDepth = 0, Depth = problem.K, FirstColumn = 0 };
            small.Run(0, problem.M, 0, problem.N);
            return;
        }

        var run = _ofThread ??= new GemmRun<V, T>();
        run._problem = problem;
        run.RunChunks(team);
    }

    void IParallelBody.Run(int index, int worker)
    {
        if (_packing) PackPanels(index * _panelsOfPiece, _panelsOfPiece);
        else MultiplyPiece(index);
    }

    private static bool ReadsInPlace(in GemmProblem<T> problem) =>
        problem.B.UnitColumns && problem.B.RowTable == null && (problem.M <= FewRows || (long)problem.K * problem.N * sizeof(T) <= SmallBytes);

    private void RunChunks(ThreadTeam team)
    {
        var n = _problem.N;
        var inPlace = ReadsInPlace(_problem);
        var widest = inPlace ? n : (int)long.Min(n, LargestPackedBytes / (Gemm.DepthBlock * sizeof(T)) / PanelWidth * PanelWidth);
        for (_firstColumn = 0; _firstColumn < n; _firstColumn += _columns)
        {
            _columns = int.Min(widest, n - _firstColumn);
            var padded = (_columns + V.Count - 1) / V.Count * V.Count;
            var deepest = inPlace ? _problem.K : int.Max(Gemm.DepthBlock, (int)(LargestPackedBytes / ((long)padded * sizeof(T))) / Gemm.DepthBlock * Gemm.DepthBlock);
            for (_firstDepth = 0; _firstDepth < _problem.K; _firstDepth += _depth)
            {
                _depth = int.Min(deepest, _problem.K - _firstDepth);
                RunChunk(team, padded, inPlace);
            }
        }
    }

    private void RunChunk(ThreadTeam team, int padded, bool inPlace)
    {
        _packed = null;
        if (inPlace)
        {
            PackEdge();
        }
        else
        {
            _packed = (T*)ThreadBuffer.Right((nint)_depth * padded * sizeof(T));
            var panels = (padded + PanelWidth - 1) / PanelWidth;
            _panelsOfPiece = int.Max(1, (int)(PackedBytesOfPiece / ((long)_depth * PanelWidth * sizeof(T))));
            _packing = true;
            team.Run(this, (panels + _panelsOfPiece - 1) / _panelsOfPiece);
            _packing = false;
        }

        CutIntoPieces();
        team.Run(this, _rowPieces * ((_columns + _columnsOfPiece - 1) / _columnsOfPiece));
    }

    // By the problem alone. Blocks of rows first; a product of few rows is cut by columns.
    private void CutIntoPieces()
    {
        var m = _problem.M;
        var rows = PieceWork / ((long)_columns * _depth);
        _rowsOfPiece = Blocks(rows, RowBlock, m <= 16 * RowBlock ? RowBlock / 2 : RowBlock, m);
        _rowPieces = (m + _rowsOfPiece - 1) / _rowsOfPiece;
        var columns = _rowPieces >= 8 ? _columns : PieceWork / ((long)int.Min(m, _rowsOfPiece) * _depth);
        _columnsOfPiece = Blocks(columns, PanelWidth, 4 * PanelWidth, _columns);
    }

    /// <summary>About <paramref name="wanted"/>, in whole blocks, not less than <paramref name="least"/>, not more than all.</summary>
    private static int Blocks(long wanted, int block, int least, int all) => (int)long.Min(long.Max(wanted / block * block, least), all);

    private void PackPanels(int first, int count)
    {
        for (var panel = first; panel < first + count && panel * PanelWidth < _columns; panel++)
        {
            var columns = int.Min(PanelWidth, _columns - panel * PanelWidth);
            var width = columns <= V.Count ? V.Count : PanelWidth;
            var destination = _packed + (nint)panel * PanelWidth * _depth;
            GemmPacking<V, T>.Panel(_problem.B, _firstDepth, _depth, _firstColumn + panel * PanelWidth, columns, destination, width);
        }
    }

    private void PackEdge()
    {
        var columns = _problem.N % PanelWidth;
        if (columns % V.Count == 0) return;
        var width = columns <= V.Count ? V.Count : PanelWidth;
        _edge = (T*)ThreadBuffer.Right((nint)_depth * width * sizeof(T));
        GemmPacking<V, T>.Panel(_problem.B, _firstDepth, _depth, _problem.N - columns, columns, _edge, width);
    }

    private void MultiplyPiece(int index)
    {
        var row = index % _rowPieces * _rowsOfPiece;
        var column = index / _rowPieces * _columnsOfPiece;
        var piece = new GemmPiece<V, T> { Problem = _problem, Packed = _packed, Edge = _edge, FirstColumn = _firstColumn, FirstDepth = _firstDepth, Depth = _depth };
        piece.Run(row, int.Min(_problem.M, row + _rowsOfPiece), column, int.Min(_columns, column + _columnsOfPiece));
    }
}
