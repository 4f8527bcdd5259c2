using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// The triangle R of a matrix that comes in slabs of rows: each slab is set below the triangle so far, and both are reduced together. Entries are
/// held times a power of two that follows the largest seen.
/// </summary>
internal unsafe struct SlabTriangle<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BytesOfSlab = 256 * 1024;
    private const int MostRows = 4096;

    private readonly int _columns;
    private readonly nint _stride;
    private readonly int _rowsOfSlab;
    private readonly T* _work;
    private int _rows;
    private int _exponent;

    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="work"><see cref="Length"/> elements that stay where they are.</param>
    public SlabTriangle(int columns, T* work)
    {
        _columns = columns;
        _stride = BlockedQr<T>.Stride(columns);
        _rowsOfSlab = RowsOfSlab(columns);
        _work = work;
    }

    /// <summary>Rows of R: all columns', or as many as have come.</summary>
    public readonly int Rows => _rows;

    /// <summary>A function of the columns alone.</summary>
    public static int RowsOfSlab(int columns) => (int)nint.Max(2 * (nint)columns, nint.Min(MostRows, BytesOfSlab / sizeof(T) / columns));

    public static nint Length(int columns) => (columns + RowsOfSlab(columns)) * BlockedQr<T>.Stride(columns);

    public void Add(int rows, in MatrixView<T> a, ThreadTeam team)
    {
        for (var row = 0; row < rows; row += _rowsOfSlab) AddSlab(int.Min(_rowsOfSlab, rows - row), a.At(row, 0), team);
    }

    /// <summary>r [Rows, columns], its diagonal not negative.</summary>
    public readonly void Write(in MatrixView<T> r)
    {
        for (nint i = 0; i < _rows; i++)
        {
            var row = _work + i * _stride;
            var sign = row[i] < T.Zero ? -T.One : T.One;
            for (nint j = 0; j < _columns; j++)
            {
                var value = j < i ? T.Zero : sign * row[j];
                r.Data[r.Row(i) + r.Column(j)] = _exponent == 0 || value == T.Zero ? value : T.ScaleB(value, _exponent);
            }
        }
    }

    private void AddSlab(int rows, in MatrixView<T> a, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        for (nint i = 1; i < _rows; i++) new Span<T>(_work + i * _stride, (int)i).Clear();
        var slab = _work + _rows * _stride;
        MatrixLoad.Run(a, rows, _columns, slab, _stride, _stride);
        Scale(rows, slab);
        var triangles = scratch.Take<T>((nint)(_columns + ReflectorPanel.Width) * ReflectorPanel.Width);
        BlockedQr<T>.Reduce(_rows + rows, _columns, _work, _stride, triangles, BlockedQr<T>.Keep.Triangle, team);
        _rows = int.Min(_rows + rows, _columns);
    }

    // The exponent only grows once a value is there: what underflows then is beyond the precision of what is larger.
    private void Scale(int rows, T* slab)
    {
        var largest = Magnitude.Largest(slab, rows, _columns, _stride);
        if (!T.IsFinite(largest) || T.IsZero(largest)) return;
        var empty = T.IsZero(Magnitude.Largest(_work, _rows, _columns, _stride));
        var exponent = Magnitude.Exponent(largest);
        if (empty) _exponent = exponent;
        if (exponent > _exponent)
        {
            Magnitude.Scale(_work, _rows, _columns, _stride, _exponent - exponent);
            _exponent = exponent;
        }

        Magnitude.Scale(slab, rows, _columns, _stride, -_exponent);
    }
}
