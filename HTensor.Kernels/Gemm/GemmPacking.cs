using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>Copies of operands in the order in which the micro-kernel reads them.</summary>
internal static unsafe class GemmPacking<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged
{
    /// <summary>Rows [row, row + rows) of A over [depth, depth + count), each row contiguous, <paramref name="stride"/> apart.</summary>
    [MethodImpl(Compile.Apart)]
    public static void Rows(in MatrixView<T> a, nint row, int rows, nint depth, int count, T* destination, nint stride)
    {
        for (var r = 0; r < rows; r++, destination += stride)
        {
            var source = a.Data + a.Row(row + r);
            if (a.UnitColumns)
            {
                Unsafe.CopyBlockUnaligned(destination, source + depth, (uint)(count * sizeof(T)));
            }
            else if (a.ColumnTable != null)
            {
                var table = a.ColumnTable + depth;
                for (var p = 0; p < count; p++) destination[p] = source[table[p]];
            }
            else
            {
                source += depth * a.ColumnStride;
                for (var p = 0; p < count; p++, source += a.ColumnStride) destination[p] = *source;
            }
        }
    }

    /// <summary>The same of an A whose columns are contiguous: element (r, p) at p * stride + r.</summary>
    [MethodImpl(Compile.Apart)]
    public static void Interleaved(in MatrixView<T> a, nint row, int rows, nint depth, int count, T* destination, nint stride)
    {
        for (var p = 0; p < count; p++, destination += stride)
            Unsafe.CopyBlockUnaligned(destination, a.Data + row + a.Column(depth + p), (uint)(rows * sizeof(T)));
    }

    /// <summary>
    /// Columns [column, column + columns) of B over [depth, depth + count): element (p, j) at p * width + j, zeros from columns to width.
    /// </summary>
    public static void Panel(in MatrixView<T> b, nint depth, int count, nint column, int columns, T* destination, int width)
    {
        if (b.UnitColumns) PanelOfRows(b, depth, count, column, columns, destination, width);
        else PanelOfColumns(b, depth, count, column, columns, destination, width);
    }

    [MethodImpl(Compile.Apart)]
    private static void PanelOfRows(in MatrixView<T> b, nint depth, int count, nint column, int columns, T* destination, int width)
    {
        for (var p = 0; p < count; p++, destination += width)
        {
            var source = b.Data + b.Row(depth + p) + column;
            if (columns == width)
            {
                for (var j = 0; j < width; j += V.Count) V.Store(V.Load(source + j), destination + j);
                continue;
            }

            for (var j = 0; j < columns; j++) destination[j] = source[j];
            for (var j = columns; j < width; j++) destination[j] = default;
        }
    }

    [MethodImpl(Compile.Apart)]
    private static void PanelOfColumns(in MatrixView<T> b, nint depth, int count, nint column, int columns, T* destination, int width)
    {
        for (var j = 0; j < columns; j++)
        {
            var source = b.Data + b.Column(column + j);
            var to = destination + j;
            if (b.RowTable != null)
            {
                var table = b.RowTable + depth;
                for (var p = 0; p < count; p++, to += width) *to = source[table[p]];
            }
            else
            {
                source += depth * b.RowStride;
                for (var p = 0; p < count; p++, to += width, source += b.RowStride) *to = *source;
            }
        }

        for (var j = columns; j < width; j++)
        {
            var to = destination + j;
            for (var p = 0; p < count; p++, to += width) *to = default;
        }
    }
}
