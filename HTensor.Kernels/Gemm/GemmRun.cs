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
    /// <summary>Columns of B read where they lie, if no more rows of A than this use them.</summary>
    private const int FewRows = 24;

    /// <summary>B is read where it lies if it is no larger: it stays in the first-level cache.</summary>
    private const int SmallBytes = 16 * 1024;

    /// <summary>So it is if it stays in the second-level cache, beside A and C, and few rows of A use it: packing cost 5 % at 128 to 384 cubed.</summary>
    private const int MediumBytes = 640 * 1024;

    private const int SomeRows = 384;

    /// <summary>Narrower registers use half of the lines that they fetch, and lost 3 %.</summary>
    private const int LineBytes = 64;

    /// <summary>Rows of B between their prefetch and their use, and the sets that they should fall into.</summary>
    private const int RowsInFlight = 32;

    private const int LeastSetsInFlight = 4;

    /// <summary>
    /// Panels of B at a time. They stay in the third-level cache, and their pages within reach of the processor's tables of addresses: with 16 MB, 2048 cubed
    /// took 1.2 times as long on 256 bits and 1.06 times on 512.
    /// </summary>
    private const int LargestPackedBytes = 4 << 20;

    /// <summary>Multiply-adds of a piece: some 50 microseconds.</summary>
    private const long PieceWork = 1L << 21;

    /// <summary>Pieces of a large product, enough to keep a team even.</summary>
    private const int Pieces = 16;

    private const int TileRows = 12;
    private const int PanelsOfPiece = 8;
    private const int DepthOfPiece = 256;
    private const int StripOfPacking = 16;

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
    private int _panelGroups;
    private int _rowPieces;

    private static int PanelWidth => 2 * V.Count;

    public static void Run(in GemmProblem<T> problem, ThreadTeam team)
    {
        if (ReadsInPlace(problem) && problem.N % V.Count == 0 && (long)problem.M * problem.N * problem.K < PieceWork)
        {
            var small = new GemmPiece<V, T> { Problem = ref problem, Depth = problem.K };
            small.Run(0, problem.M, 0, problem.N);
            return;
        }

        var run = _ofThread ??= new GemmRun<V, T>();
        run._problem = problem;
        run.RunChunks(team);
    }

    void IParallelBody.Run(int index, int worker)
    {
        if (_packing) PackPanels(index);
        else MultiplyPiece(index);
    }

    private static bool ReadsInPlace(in GemmProblem<T> problem)
    {
        if (!problem.B.UnitColumns || problem.B.RowTable != null) return false;
        var bytes = (long)problem.K * problem.N * sizeof(T);
        return problem.M <= FewRows || bytes <= SmallBytes
            || (V.Count * sizeof(T) == LineBytes && problem.M <= SomeRows && bytes <= MediumBytes && RowSpread.Of(problem.B.RowStride * sizeof(T), RowsInFlight) >= LeastSetsInFlight);
    }

    private void RunChunks(ThreadTeam team)
    {
        var n = _problem.N;
        var inPlace = ReadsInPlace(_problem);
        var most = inPlace ? n : LargestPackedBytes / (Gemm.DepthBlock * sizeof(T)) / PanelWidth * PanelWidth;
        var chunks = (n - 1) / most + 1;
        var widest = ((n + chunks - 1) / chunks + PanelWidth - 1) / PanelWidth * PanelWidth;
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
            _panelGroups = (panels + PanelsOfPiece - 1) / PanelsOfPiece;
            _packing = true;
            team.Run(this, _panelGroups * ((_depth + DepthOfPiece - 1) / DepthOfPiece));
            _packing = false;
        }

        CutIntoPieces(team.Size);
        team.Run(this, _rowPieces * ((_columns + _columnsOfPiece - 1) / _columnsOfPiece));
    }

    // Blocks of rows first, as even as they come; a product of few of them is cut by columns, if there is a team. Each element is one chain: pieces do not
    // change bits.
    private void CutIntoPieces(int threads)
    {
        var m = _problem.M;
        var blocks = (m - 1) / GemmPiece<V, T>.RowBlock + 1;
        var rows = ((m + blocks - 1) / blocks + TileRows - 1) / TileRows * TileRows;
        var many = PieceWork / ((long)rows * _columns * _depth);
        _rowsOfPiece = (int)long.Min(long.Max(1, many) * rows, m);
        _rowPieces = (m + _rowsOfPiece - 1) / _rowsOfPiece;
        var share = (Pieces + _rowPieces - 1) / _rowPieces;
        var columns = threads == 1 ? _columns : long.Max(PieceWork / ((long)_rowsOfPiece * _depth), _columns / share);
        _columnsOfPiece = (int)long.Min(long.Max(columns / PanelWidth, 4) * PanelWidth, _columns);
    }

    // Strip by strip through several panels, so that B's rows are read in long runs.
    private void PackPanels(int index)
    {
        var first = index % _panelGroups * PanelsOfPiece;
        var end = int.Min(first + PanelsOfPiece, (_columns + PanelWidth - 1) / PanelWidth);
        var depthEnd = int.Min(_depth, (index / _panelGroups + 1) * DepthOfPiece);
        for (var depth = index / _panelGroups * DepthOfPiece; depth < depthEnd; depth += StripOfPacking)
        {
            var count = int.Min(StripOfPacking, depthEnd - depth);
            for (var panel = first; panel < end; panel++)
            {
                var columns = int.Min(PanelWidth, _columns - panel * PanelWidth);
                var width = columns <= V.Count ? V.Count : PanelWidth;
                var destination = _packed + (nint)panel * PanelWidth * _depth + depth * width;
                GemmPacking<V, T>.Panel(_problem.B, _firstDepth + depth, count, _firstColumn + panel * PanelWidth, columns, destination, width);
            }
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
        var piece = new GemmPiece<V, T> { Problem = ref _problem, Packed = _packed, Edge = _edge, FirstColumn = _firstColumn, FirstDepth = _firstDepth, Depth = _depth };
        piece.Run(row, int.Min(_problem.M, row + _rowsOfPiece), column, int.Min(_columns, column + _columnsOfPiece));
    }
}
