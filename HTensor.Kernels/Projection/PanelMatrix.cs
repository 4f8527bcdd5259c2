using System.Numerics;
using System.Numerics.Tensors;

namespace HTensor.Kernels;

/// <summary>
/// A matrix [rows, columns] in panels of a cache line's columns, each panel [rows, width] by itself: what <see cref="ThinProjection"/> adds to and
/// <see cref="ThinResidual"/> reads runs through memory in one direction, whatever the columns. Columns behind the last are zeros.
/// </summary>
public sealed class PanelMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int LineBytes = 64;

    private readonly AlignedBuffer<T> _buffer;

    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="OverflowException">It has more elements than an array.</exception>
    public PanelMatrix(int rows, int columns)
    {
        ElementType.Validate<T>();
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (Rows, Columns) = (rows, columns);
        _buffer = new AlignedBuffer<T>(checked(rows * Panels * Width));
    }

    public int Rows { get; }

    public int Columns { get; }

    internal static unsafe int Width => LineBytes / sizeof(T);

    internal int Panels => (Columns + Width - 1) / Width;

    internal Span<T> Span => _buffer.Span;

    /// <summary>Zero everywhere.</summary>
    public void Clear() => Span.Clear();

    /// <summary>Writes the matrix row-major.</summary>
    /// <exception cref="ArgumentException">Another length than rows times columns.</exception>
    public void CopyTo(Span<T> destination)
    {
        SpanGuard.SameLength(Rows * Columns, destination.Length, "the matrix", nameof(destination));
        for (var panel = 0; panel < Panels; panel++)
        {
            var count = int.Min(Width, Columns - panel * Width);
            for (var i = 0; i < Rows; i++) Span.Slice((panel * Rows + i) * Width, count).CopyTo(destination[(i * Columns + panel * Width)..]);
        }
    }

    /// <summary>Adds another of the same shape.</summary>
    public void Add(PanelMatrix<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        SpanGuard.SameLength(Span.Length, other.Span.Length, "the matrix", nameof(other));
        TensorPrimitives.Add(Span, other.Span, Span);
    }
}
