namespace HTensor.Kernels;

/// <summary>
/// A matrix seen through strides or through offset tables: element (i, j) stands at
/// <c>row(i) + column(j)</c> of <see cref="Data"/>, where <c>row(i)</c> is <c>RowOffsets[i]</c>, or <c>i * RowStride</c> when there is no table.
/// A transposed, strided or permuted operand is another view of the same data: nothing is copied before packing.
/// </summary>
public readonly ref struct MatrixOperand<T>
{
    public MatrixOperand(ReadOnlySpan<T> data, nint rowStride, nint columnStride)
    {
        Data = data;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    public MatrixOperand(ReadOnlySpan<T> data, ReadOnlySpan<int> rowOffsets, ReadOnlySpan<int> columnOffsets)
    {
        Data = data;
        RowOffsets = rowOffsets;
        ColumnOffsets = columnOffsets;
    }

    public ReadOnlySpan<T> Data { get; }

    public nint RowStride { get; }

    public nint ColumnStride { get; }

    public ReadOnlySpan<int> RowOffsets { get; }

    public ReadOnlySpan<int> ColumnOffsets { get; }

    public MatrixOperand<T> Transposed => RowOffsets.IsEmpty && ColumnOffsets.IsEmpty
        ? new(Data, ColumnStride, RowStride)
        : new(Data, ColumnOffsets, RowOffsets);
}
