using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// L of A [rows, columns] = L Q when A comes in slabs of columns, as from a file larger than memory. It holds the triangle and one block of a slab:
/// memory does not grow with the columns. The bits of L depend on how A was cut. 2 rows^2 operations a column.
/// </summary>
public sealed unsafe class LqAccumulator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Pinned, so that the triangle may point into it.
    private readonly AlignedBuffer<T> _buffer;
    private SlabTriangle<T> _triangle;

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is below 1.</exception>
    public LqAccumulator(int rows)
    {
        ElementType.Validate<T>();
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        Rows = rows;
        _buffer = new AlignedBuffer<T>(checked((int)SlabTriangle<T>.Length(rows)));
        Clear();
    }

    /// <summary>Rows of A and of L.</summary>
    public int Rows { get; }

    /// <summary>Columns of A so far.</summary>
    public long Columns { get; private set; }

    /// <summary>Columns of L: min(Rows, Columns).</summary>
    public int Width => (int)long.Min(Rows, Columns);

    /// <summary>Appends a slab [Rows, <paramref name="columns"/>] to A.</summary>
    /// <exception cref="ArgumentException">The slab is too short for its offsets.</exception>
    public void Add(int columns, MatrixOperand<T> slab, ThreadTeam team)
    {
        ArgumentNullException.ThrowIfNull(team);
        FactorGuard.Operand(Rows, columns, slab);
        if (columns == 0) return;
        fixed (T* data = slab.Data)
        fixed (int* rowTable = slab.RowOffsets, columnTable = slab.ColumnOffsets)
            _triangle.Add(columns, MatrixViews.Of(Rows, columns, slab, data, rowTable, columnTable).Transposed, team);
        Columns += columns;
    }

    /// <summary>Writes L [Rows, Width], row-major, its diagonal not negative. More slabs may follow.</summary>
    /// <exception cref="ArgumentException"><paramref name="l"/> has another length.</exception>
    public void Triangle(Span<T> l)
    {
        if (l.Length != Rows * Width) throw new ArgumentException($"length of l: expected {Rows} x {Width} = {Rows * Width}, found {l.Length}", nameof(l));
        fixed (T* data = l) _triangle.Write(DenseProduct.RowMajor(data, Width).Transposed);
    }

    /// <summary>Starts anew with no columns.</summary>
    public void Clear()
    {
        Columns = 0;
        fixed (T* work = _buffer.Span) _triangle = new SlabTriangle<T>(Rows, work);
    }
}
