namespace HTensor.Kernels;

/// <summary>The checks at the entry of a product; nothing is checked after it.</summary>
internal static class GemmGuard
{
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
        var (rowLow, rowHigh) = Range(name, "row", rows, rowStride, rowOffsets);
        var (columnLow, columnHigh) = Range(name, "column", columns, columnStride, columnOffsets);
        if (rowLow + columnLow < 0 || rowHigh + columnHigh >= length)
        {
            throw new ArgumentException(
                $"{name} [{rows}, {columns}]: expected offsets within its {length} elements, found offsets from {rowLow + columnLow} to {rowHigh + columnHigh}",
                name);
        }
    }

    public static void Disjoint<T>(ReadOnlySpan<T> operand, ReadOnlySpan<T> destination, string name)
    {
        if (operand.Overlaps(destination))
            throw new ArgumentException($"destination: expected memory apart from {name}, found {destination.Length} elements that overlap its {operand.Length}", nameof(destination));
    }

    public static void DistinctElements(int rows, int columns, nint rowStride, nint columnStride)
    {
        if ((rows > 1 && rowStride == 0) || (columns > 1 && columnStride == 0))
            throw new ArgumentException($"destination [{rows}, {columns}]: expected strides that keep its elements apart, found {rowStride} and {columnStride}");
    }

    private static (long Low, long High) Range(string name, string axis, int count, nint stride, ReadOnlySpan<int> offsets)
    {
        if (offsets.IsEmpty)
        {
            var last = checked((count - 1) * (long)stride);
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
