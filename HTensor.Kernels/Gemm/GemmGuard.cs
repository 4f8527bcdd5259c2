using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HTensor.Kernels;

/// <summary>The checks at the entry of a product; nothing is checked after it.</summary>
internal static class GemmGuard
{
    /// <summary>An offset that no data has, and of which a few can be added up.</summary>
    private const long Beyond = 1L << 60;

    public static void Sizes(int m, int n, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(k);
    }

    /// <summary>Every element (i, j), i below rows, j below columns, stands within the data.</summary>
    public static void Fits(string name, int length, int rows, int columns, nint rowStride, nint columnStride, ReadOnlySpan<int> rowOffsets,
        ReadOnlySpan<int> columnOffsets)
    {
        if (rows == 0 || columns == 0) return;
        var plain = rowOffsets.IsEmpty && columnOffsets.IsEmpty && (nuint)rowStride <= int.MaxValue && (nuint)columnStride <= int.MaxValue;
        if (plain && (rows - 1) * (long)rowStride + (columns - 1) * (long)columnStride < length) return;
        FitsByRange(name, length, rows, columns, rowStride, columnStride, rowOffsets, columnOffsets);
    }

    /// <summary>Contiguous rows, one behind the other, all within the data: no further check is needed, and no table is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasRows<T>(in MatrixOperand<T> operand, int rows, int columns) =>
        operand.ColumnStride == 1 && operand.RowStride >= 0 && operand.RowOffsets.IsEmpty && operand.ColumnOffsets.IsEmpty
        && HoldsRows(operand.Data.Length, rows, columns, operand.RowStride);

    /// <summary>The same of contiguous columns.</summary>
    public static bool HasColumns<T>(in MatrixOperand<T> operand, int rows, int columns) =>
        operand.RowStride == 1 && operand.ColumnStride >= 0 && operand.RowOffsets.IsEmpty && operand.ColumnOffsets.IsEmpty
        && HoldsRows(operand.Data.Length, columns, rows, operand.ColumnStride);

    /// <summary>For rows and a stride that are not negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HoldsRows(int length, int rows, int columns, nint rowStride) =>
        rowStride <= int.MaxValue && (rows - 1) * (long)rowStride + columns <= length;

    private static void FitsByRange(string name, int length, int rows, int columns, nint rowStride, nint columnStride, ReadOnlySpan<int> rowOffsets,
        ReadOnlySpan<int> columnOffsets)
    {
        var gathered = !rowOffsets.IsEmpty || !columnOffsets.IsEmpty;
        var (rowLow, rowHigh) = Range(name, "row", rows, rowStride, rowOffsets, gathered);
        var (columnLow, columnHigh) = Range(name, "column", columns, columnStride, columnOffsets, gathered);
        if (rowLow + columnLow < 0 || rowHigh + columnHigh >= length)
        {
            throw new ArgumentException(
                $"{name} [{rows}, {columns}]: expected offsets within its {length} elements, found offsets from {rowLow + columnLow} to {rowHigh + columnHigh}",
                name);
        }
    }

    /// <summary>The same for every product of a batch, each moved by a multiple of a stride.</summary>
    public static void BatchFits(string name, int length, int batch, nint stride, int rows, int columns, nint rowStride, nint columnStride,
        ReadOnlySpan<int> rowOffsets, ReadOnlySpan<int> columnOffsets)
    {
        if (rows == 0 || columns == 0) return;
        var gathered = !rowOffsets.IsEmpty || !columnOffsets.IsEmpty;
        var (rowLow, rowHigh) = Range(name, "row", rows, rowStride, rowOffsets, gathered);
        var (columnLow, columnHigh) = Range(name, "column", columns, columnStride, columnOffsets, gathered);
        var (low, high) = Range(name, "batch", batch, stride, default, false);
        if (low + rowLow + columnLow < 0 || high + rowHigh + columnHigh >= length)
        {
            throw new ArgumentException(
                $"{name} [{batch}, {rows}, {columns}]: expected offsets within its {length} elements, found offsets from {low + rowLow + columnLow} to {high + rowHigh + columnHigh}",
                name);
        }
    }

    public static void Disjoint<T>(ReadOnlySpan<T> operand, ReadOnlySpan<T> destination, string name)
    {
        if (operand.Overlaps(destination)) ThrowOverlap(operand.Length, destination.Length, name, nameof(destination));
    }

    /// <summary>The same of pinned memory; <see cref="MemoryExtensions"/> would cost a small product three calls.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Disjoint<T>(T* operand, int length, T* destination, int destinationLength, string name)
        where T : unmanaged
    {
        var distance = (byte*)destination - (byte*)operand;
        if ((nuint)distance < (nuint)length * (nuint)sizeof(T) || (nuint)(-distance) < (nuint)destinationLength * (nuint)sizeof(T))
            ThrowOverlap(length, destinationLength, name, nameof(destination));
    }

    private static void ThrowOverlap(int length, int destinationLength, string name, string destination) =>
        throw new ArgumentException($"{destination}: expected memory apart from {name}, found {destinationLength} elements that overlap its {length}", destination);

    /// <summary>Of a destination that fits. The stride of an axis of one element says nothing.</summary>
    public static void DistinctElements(int rows, int columns, nint rowStride, nint columnStride)
    {
        if ((columnStride == 1 && rowStride >= columns) || rows == 0 || columns == 0) return;
        if (Coincide(rows, columns, rows == 1 ? 0 : nint.Abs(rowStride), columns == 1 ? 0 : nint.Abs(columnStride)))
            ThrowCoincide(rows, columns, $"strides that keep its elements apart, found {rowStride} and {columnStride}");
    }

    /// <summary>What one pass over the tables shows: equal neighbours, and more elements than places.</summary>
    public static void DistinctElements(int rows, int columns, ReadOnlySpan<int> rowOffsets, ReadOnlySpan<int> columnOffsets)
    {
        if (rows == 0 || columns == 0) return;
        var places = Spread(rows, columns, "row", rowOffsets) + Spread(rows, columns, "column", columnOffsets) + 1;
        if ((long)rows * columns > places) ThrowCoincide(rows, columns, $"offsets that keep its elements apart, found {places} places from the least to the greatest");
    }

    private static long Spread(int rows, int columns, string axis, ReadOnlySpan<int> offsets)
    {
        int low = offsets[0], high = offsets[0];
        for (var i = 1; i < offsets.Length; i++)
        {
            if (offsets[i] == offsets[i - 1]) ThrowCoincide(rows, columns, $"offsets that keep its elements apart, found {offsets[i]} twice, at {axis} {i - 1} and {i}");
            low = int.Min(low, offsets[i]);
            high = int.Max(high, offsets[i]);
        }

        return (long)high - low;
    }

    private static void ThrowCoincide(int rows, int columns, string what) => throw new ArgumentException($"destination [{rows}, {columns}]: expected {what}");

    /// <summary>Tables that the destination's elements would overwrite point anywhere.</summary>
    public static void TablesApart<T>(in MatrixOperand<T> operand, string name, ReadOnlySpan<T> destination)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(destination);
        if (MemoryMarshal.AsBytes(operand.RowOffsets).Overlaps(bytes) || MemoryMarshal.AsBytes(operand.ColumnOffsets).Overlaps(bytes))
            throw new ArgumentException($"destination: expected memory apart from the offsets of {name}, found {destination.Length} elements that overlap them", nameof(destination));
    }

    // Some rows' step is some columns' step; the least such step is the strides' least common multiple.
    private static bool Coincide(int rows, int columns, long down, long right)
    {
        var (divisor, rest) = (down, right);
        while (rest != 0) (divisor, rest) = (rest, divisor % rest);
        return divisor == 0 ? (long)rows * columns > 1 : right / divisor < rows && down / divisor < columns;
    }

    /// <summary>Axes nest: each steps over all that the axes of smaller steps reach.</summary>
    public static void DistinctElements(int batch, nint stride, int rows, nint rowStride, int columns, nint columnStride)
    {
        Span<(long Step, long Count)> axes = [Axis(stride, batch), Axis(rowStride, rows), Axis(columnStride, columns)];
        axes.Sort();
        long reach = 0;
        foreach (var (step, count) in axes)
        {
            if (count == 1) continue;
            if (step <= reach)
            {
                throw new ArgumentException(
                    $"destination [{batch}, {rows}, {columns}]: expected strides that keep its elements apart, found {stride}, {rowStride} and {columnStride}");
            }

            reach += step * (count - 1);
        }
    }

    private static (long Step, long Count) Axis(nint stride, int count) => (count == 1 ? 0 : nint.Abs(stride), count);

    private static (long Low, long High) Range(string name, string axis, int count, nint stride, ReadOnlySpan<int> offsets, bool gathered)
    {
        if (!gathered)
        {
            var last = (long)Int128.Clamp((Int128)(count - 1) * stride, -Beyond, Beyond);
            return (long.Min(0, last), long.Max(0, last));
        }

        if (offsets.Length != count)
            throw new ArgumentException($"{axis} offsets of {name}: expected {count}, found {offsets.Length}", name);
        int low = int.MaxValue, high = int.MinValue;
        foreach (var offset in offsets)
        {
            low = int.Min(low, offset);
            high = int.Max(high, offset);
        }

        return (low, high);
    }
}
