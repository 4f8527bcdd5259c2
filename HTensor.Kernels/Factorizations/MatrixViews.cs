namespace HTensor.Kernels;

/// <summary>Views of validated operands whose memory is pinned.</summary>
internal static unsafe class MatrixViews
{
    public static MatrixView<T> Of<T>(int rows, int columns, in MatrixOperand<T> operand, T* data, int* rowTable, int* columnTable)
        where T : unmanaged
    {
        var view = default(MatrixView<T>);
        view.Set(data, operand.RowStride, operand.ColumnStride, rows, columns);
        view.SetTables(rowTable, rows, columnTable, columns);
        return view;
    }
}
