using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>A piece of C over a chunk of the depth, on one thread.</summary>
internal unsafe ref struct GemmPiece<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of A that are prepared together: they stay in the second-level cache while the panels of B pass by.</summary>
    public const int RowBlock = 96;

    /// <summary>Of short rows that are read where they lie more stay in the first-level cache: what a block costs by itself, some 300 cycles, is a third of 96 rows' time at a depth of 8.</summary>
    private const int LargestRowBlock = 480;

    private const int NearBytes = 16 * 1024;
    private const int SpaceBetweenRows = 64;
    private const int TallestTile = 12;

    /// <summary>Sets that the rows of a tile fall into: six lines in one of eight ways still gain 2 %, twelve lose 11 %, measured.</summary>
    private const int LeastSetsOfTile = 2;

    public ref readonly GemmProblem<T> Problem;

    /// <summary>Panels of B, or null if B is read where it lies.</summary>
    public T* Packed;

    /// <summary>The columns that do not fill a panel, packed, if the others are read where they lie: no read passes B's end.</summary>
    public T* Edge;

    public int FirstColumn;
    public int FirstDepth;
    public int Depth;

    private T* _a;
    private T* _c;
    private nint _aStride;
    private bool _interleaved;
    private bool _inPlace;

    private static int PanelWidth => 2 * V.Count;

    /// <summary>Columns count from <see cref="FirstColumn"/>.</summary>
    [SkipLocalsInit]
    public void Run(int row, int rowEnd, int column, int columnEnd)
    {
        var cRows = stackalloc nint[LargestRowBlock];
        _interleaved = Problem.A.UnitRows;
        _inPlace = ReadsInPlace(columnEnd - column);
        var block = RowsOfBlock();
        var even = Problem.C.RowTable == null;
        if (even) FillRows(cRows, 0, int.Min(block, rowEnd - row));
        _c = Problem.C.Data;
        for (; row < rowEnd; row += block)
        {
            var rows = int.Min(block, rowEnd - row);
            if (even) _c = Problem.C.Data + Problem.C.Row(row);
            else FillRows(cRows, row, rows);
            for (var depth = 0; depth < Depth; depth += Gemm.DepthBlock)
            {
                var count = int.Min(Gemm.DepthBlock, Depth - depth);
                PrepareRows(row, rows, FirstDepth + depth, count);
                for (var j = column; j < columnEnd; j += PanelWidth) Panel(rows, depth, count, j, columnEnd, cRows);
            }
        }
    }

    // Once where rows are even, a tenth of the time at a depth of 8 otherwise.
    private readonly void FillRows(nint* cRows, int row, int rows)
    {
        for (var r = 0; r < rows; r++) cRows[r] = Problem.C.Row(row + r);
    }

    /// <summary>Finds or makes a layout of A's rows that the micro-kernel reads well.</summary>
    private void PrepareRows(int row, int rows, nint depth, int count)
    {
        if (_inPlace)
        {
            _a = Problem.A.Data + Problem.A.Row(row) + Problem.A.Column(depth);
            _aStride = _interleaved ? Problem.A.ColumnStride : Problem.A.RowStride;
            return;
        }

        _a = (T*)ThreadBuffer.Left(RowBlock * (Gemm.DepthBlock * sizeof(T) + SpaceBetweenRows));
        _aStride = _interleaved ? RowBlock : Gemm.DepthBlock + SpaceBetweenRows / sizeof(T);
        if (_interleaved) GemmPacking<V, T>.Interleaved(Problem.A, row, rows, depth, count, _a, _aStride);
        else GemmPacking<V, T>.Rows(Problem.A, row, rows, depth, count, _a, _aStride);
    }

    private readonly int RowsOfBlock() => _inPlace && Problem.A.UnitColumns
        ? (int)nint.Clamp(NearBytes / sizeof(T) / nint.Max(1, nint.Abs(Problem.A.RowStride)) / TallestTile * TallestTile, RowBlock, LargestRowBlock)
        : RowBlock;

    // What few panels use is not worth a copy; more of them want rows that stay in the first-level cache together.
    private readonly bool ReadsInPlace(int columns)
    {
        if (Problem.A.RowTable != null || Problem.A.ColumnTable != null) return false;
        return columns <= 2 * PanelWidth
            ? _interleaved || Problem.A.UnitColumns
            : Problem.A.UnitColumns && RowSpread.Of(Problem.A.RowStride * sizeof(T), TallestTile) >= LeastSetsOfTile;
    }

    private void Panel(int rows, int depth, int count, int column, int columnEnd, nint* cRows)
    {
        var columns = int.Min(PanelWidth, columnEnd - column);
        T* b;
        nint bStride;
        if (Packed == null && columns % V.Count != 0)
        {
            bStride = columns <= V.Count ? V.Count : PanelWidth;
            b = Edge + depth * bStride;
        }
        else if (Packed == null)
        {
            b = Problem.B.Data + (FirstDepth + depth) * Problem.B.RowStride + FirstColumn + column;
            bStride = Problem.B.RowStride;
        }
        else
        {
            bStride = columns <= V.Count ? V.Count : PanelWidth;
            b = Packed + (nint)column * Depth + depth * bStride;
        }

        var next = Packed != null && column + 2 * PanelWidth <= columnEnd ? b + (nint)PanelWidth * Depth : null;
        var accumulation = FirstDepth + depth == 0 ? Problem.Accumulation : Accumulation.Add;
        var two = columns > V.Count;
        if (Problem.C.UnitColumns && columns % V.Count == 0)
        {
            Tiles(rows, two, count, _a, b, bStride, _c + FirstColumn + column, cRows, next, accumulation);
            return;
        }

        for (var r = 0; r < rows; r += TallestTile)
        {
            var a = _a + (_interleaved ? r : r * _aStride);
            Scattered(int.Min(TallestTile, rows - r), two, count, a, b, bStride, FirstColumn + column, columns, cRows + r, accumulation);
        }
    }

    private readonly void Tiles(int rows, bool two, int count, T* a, T* b, nint bStride, T* c, nint* cRows, T* next, Accumulation accumulation)
    {
        if (_interleaved) GemmPanel<V, T, RowsInterleaved>.Run(rows, two, count, a, _aStride, b, bStride, c, cRows, next, accumulation);
        else GemmPanel<V, T, RowsContiguous>.Run(rows, two, count, a, _aStride, b, bStride, c, cRows, next, accumulation);
    }

    /// <summary>Through a tile on the stack: C's columns do not fill registers, or are not side by side.</summary>
    [SkipLocalsInit]
    private readonly void Scattered(int rows, bool two, int count, T* a, T* b, nint bStride, int column, int columns, nint* cRows, Accumulation accumulation)
    {
        var tile = stackalloc V[TallestTile * 2];
        var tileRows = stackalloc nint[TallestTile];
        for (var r = 0; r < rows; r++) tileRows[r] = r * PanelWidth;
        Tiles(rows, two, count, a, b, bStride, (T*)tile, tileRows, null, Accumulation.Overwrite);
        for (var r = 0; r < rows; r++)
        {
            var from = (T*)tile + tileRows[r];
            var to = _c + cRows[r];
            if (Problem.C.UnitColumns) Row(from, to + column, columns, accumulation);
            else Scatter(from, to, column, columns, accumulation);
        }
    }

    [MethodImpl(Compile.Apart)]
    private static void Row(T* from, T* to, int columns, Accumulation accumulation)
    {
        var j = 0;
        for (; j + V.Count <= columns; j += V.Count) Move<V>(from + j, to + j, accumulation);
        if (V.Count * sizeof(T) > 32 && j + Simd256<T>.Count <= columns) Move<Simd256<T>>(from + j, to + j, accumulation, ref j);
        if (V.Count * sizeof(T) > 16 && j + Simd128<T>.Count <= columns) Move<Simd128<T>>(from + j, to + j, accumulation, ref j);
        for (; j < columns; j++) to[j] = accumulation == Accumulation.Add ? to[j] + from[j] : from[j];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move<W>(T* from, T* to, Accumulation accumulation, ref int j)
        where W : unmanaged, ISimd<W, T>
    {
        Move<W>(from, to, accumulation);
        j += W.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move<W>(T* from, T* to, Accumulation accumulation)
        where W : unmanaged, ISimd<W, T> =>
        W.Store(accumulation == Accumulation.Add ? W.Load(to) + W.Load(from) : W.Load(from), to);

    private readonly void Scatter(T* from, T* to, int column, int columns, Accumulation accumulation)
    {
        for (var j = 0; j < columns; j++)
        {
            var at = Problem.C.Column(column + j);
            to[at] = accumulation == Accumulation.Add ? to[at] + from[j] : from[j];
        }
    }
}
