using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// A tall matrix A = Q R with Q, slab by slab: the slabs are factored each in a cache, on any thread; their triangles, set below each other, are
/// a matrix some times shorter, and so on. The reflectors wait where Q will be written, until the way back multiplies them. How a matrix is cut depends
/// on its shape alone. Demmel, Grigori, Hoemmen and Langou 2012.
/// </summary>
internal sealed unsafe class SlabQr<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostLevels = 16;

    /// <summary>Triangles of slabs are at least so many times shorter than the slabs.</summary>
    private const int LeastShrinking = 4;

    [ThreadStatic]
    private static SlabQr<T>? _ofThread;

    private readonly Level[] _levels = new Level[MostLevels];
    private int _columns;
    private int _rowsOfSlab;
    private int _count;
    private int _level;
    private Direction _direction;
    private int* _exponents;
    private T* _largest;
    private T* _top;
    private T* _topTriangles;

    private enum Direction
    {
        Forward,
        Back,
    }

    public static bool Fits(int rows, int columns)
    {
        if (columns == 0) return false;
        var slab = SlabTriangle<T>.RowsOfSlab(columns);
        return slab / LeastShrinking >= columns && rows / LeastShrinking >= slab;
    }

    /// <summary>
    /// r [columns, columns], rows <paramref name="stride"/> apart: 2^exponent r is the triangle, of any signs. Storage [rows, columns] holds reflectors; the scratch's
    /// scope must stay open until <see cref="Back"/>. NaN if an entry is not finite.
    /// </summary>
    public static SlabQr<T> Forward(int rows, int columns, in MatrixView<T> a, in MatrixView<T> storage, T* r, nint stride, out int exponent, ThreadTeam team)
    {
        var run = _ofThread ??= new SlabQr<T>();
        (run._columns, run._rowsOfSlab, run._count) = (columns, SlabTriangle<T>.RowsOfSlab(columns), 0);
        var (source, kept) = (a, storage);
        exponent = 0;
        while (rows >= 2 * run._rowsOfSlab)
        {
            var level = run.Open(rows, source, kept);
            team.Run(run, run._levels[level].Slabs);
            if (level == 0) exponent = run.CommonExponent();
            rows = run.RowsOfStack(run._levels[level]);
            source = kept = DenseProduct.RowMajor(run._levels[level].Stack, columns);
        }

        run.Top(rows, source, r, stride, team);
        return run;
    }

    /// <summary>Storage = Q core, core [columns, columns] with rows <paramref name="stride"/> apart.</summary>
    public void Back(T* core, nint stride, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        using (scratch.Open())
        {
            var below = _levels[_count - 1];
            var rows = RowsOfStack(below);
            var q = DenseProduct.RowMajor(below.Stack, _columns);
            MatrixStore.Clear(rows, _columns, q);
            MatrixLoad.Run(DenseProduct.RowMajor(core, stride), _columns, _columns, below.Stack, _columns, _columns);
            BlockedQr<T>.Orthogonal(rows, _columns, _columns, _top, BlockedQr<T>.Stride(_columns), _topTriangles, q, BlockedQr<T>.Start.Full, team);
        }

        _direction = Direction.Back;
        for (_level = _count - 1; _level >= 0; _level--) team.Run(this, _levels[_level].Slabs);
    }

    void IParallelBody.Run(int index, int worker)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var level = _levels[_level];
        var rows = RowsOf(level, index);
        var stride = BlockedQr<T>.Stride(_columns);
        var work = scratch.Take<T>(rows * stride);
        var triangles = level.Triangles + index * TrianglesLength(_columns);
        if (_direction == Direction.Forward) Reduce(level, index, rows, work, stride, triangles);
        else Multiply(level, index, rows, work, stride, triangles);
    }

    private static nint TrianglesLength(int columns) => (nint)(columns + ReflectorPanel.Width - 1) / ReflectorPanel.Width * ReflectorPanel.Width * ReflectorPanel.Width;

    private int Open(int rows, in MatrixView<T> source, in MatrixView<T> storage)
    {
        var scratch = FactorScratch.OfThread;
        var slabs = (rows + _rowsOfSlab - 1) / _rowsOfSlab;
        _levels[_count] = new Level
        {
            Rows = rows,
            Slabs = slabs,
            Source = source,
            Storage = storage,
            Triangles = scratch.Take<T>(slabs * TrianglesLength(_columns)),
            Stack = scratch.Take<T>((nint)slabs * _columns * _columns),
        };
        if (_count == 0)
        {
            _exponents = scratch.Take<int>(slabs);
            _largest = scratch.Take<T>(slabs);
        }

        (_level, _direction) = (_count, Direction.Forward);
        return _count++;
    }

    private int RowsOf(in Level level, int slab) => int.Min(_rowsOfSlab, level.Rows - slab * _rowsOfSlab);

    private int RowsOfStack(in Level level) => (level.Slabs - 1) * _columns + int.Min(_columns, RowsOf(level, level.Slabs - 1));

    private void Reduce(in Level level, int slab, int rows, T* work, nint stride, T* triangles)
    {
        MatrixLoad.Run(level.Source.At(slab * _rowsOfSlab, 0), rows, _columns, work, stride, stride);
        if (_level == 0)
        {
            _largest[slab] = Magnitude.Largest(work, rows, _columns, stride);
            _exponents[slab] = Magnitude.Exponent(_largest[slab]);
            Magnitude.Scale(work, rows, _columns, stride, -_exponents[slab]);
        }

        BlockedQr<T>.Reduce(rows, _columns, work, stride, triangles, BlockedQr<T>.Keep.Reflectors, ThreadTeam.Inline);
        var stack = level.Stack + (nint)slab * _columns * _columns;
        for (nint i = 0; i < int.Min(rows, _columns); i++)
        {
            for (nint j = 0; j < _columns; j++) stack[i * _columns + j] = j < i ? T.Zero : work[i * stride + j];
        }

        MatrixStore.Whole(rows, _columns, work, stride, level.Storage.At(slab * _rowsOfSlab, 0));
    }

    private void Multiply(in Level level, int slab, int rows, T* work, nint stride, T* triangles)
    {
        var storage = level.Storage.At(slab * _rowsOfSlab, 0);
        MatrixLoad.Run(storage, rows, _columns, work, stride, stride);
        var product = FactorScratch.OfThread.TakeZeros<T>(rows * stride);
        MatrixLoad.Run(DenseProduct.RowMajor(level.Stack + (nint)slab * _columns * _columns, _columns), int.Min(rows, _columns), _columns, product, stride, stride);
        BlockedQr<T>.Orthogonal(rows, (_columns + 7) / 8 * 8, int.Min(rows, _columns), work, stride, triangles, DenseProduct.RowMajor(product, stride), BlockedQr<T>.Start.Full, ThreadTeam.Inline);
        MatrixStore.Whole(rows, _columns, product, stride, storage);
    }

    // Slabs of usual magnitude have exponent 0. The largest is that of all: what underflows then is beyond the precision of what is larger.
    private int CommonExponent()
    {
        var level = _levels[0];
        var exponent = int.MinValue;
        for (var i = 0; i < level.Slabs; i++)
        {
            if (!T.IsZero(_largest[i])) exponent = int.Max(exponent, _exponents[i]);
        }

        if (exponent == int.MinValue) return 0;
        for (var i = 0; i < level.Slabs; i++)
            Magnitude.Scale(level.Stack + (nint)i * _columns * _columns, int.Min(_columns, RowsOf(level, i)), _columns, _columns, _exponents[i] - exponent);
        return exponent;
    }

    private void Top(int rows, in MatrixView<T> stack, T* r, nint rStride, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        var stride = BlockedQr<T>.Stride(_columns);
        _top = scratch.Take<T>(rows * stride);
        _topTriangles = scratch.Take<T>(TrianglesLength(_columns));
        MatrixLoad.Run(stack, rows, _columns, _top, stride, stride);
        BlockedQr<T>.Reduce(rows, _columns, _top, stride, _topTriangles, BlockedQr<T>.Keep.Reflectors, team);
        for (nint i = 0; i < _columns; i++)
        {
            for (nint j = 0; j < _columns; j++) r[i * rStride + j] = j < i ? T.Zero : _top[i * stride + j];
        }
    }

    private struct Level
    {
        public int Rows;
        public int Slabs;
        public MatrixView<T> Source;
        public MatrixView<T> Storage;
        public T* Triangles;
        public T* Stack;
    }
}
