using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>A validated operand or destination: element (i, j) at <c>Row(i) + Column(j)</c>. Each axis has a stride, or a table where the offsets are uneven.</summary>
internal unsafe struct MatrixView<T>
    where T : unmanaged
{
    public T* Data;
    public nint RowStride;
    public nint ColumnStride;
    public int* RowTable;
    public int* ColumnTable;

    public readonly MatrixView<T> Transposed => new()
    {
        Data = Data,
        RowStride = ColumnStride,
        ColumnStride = RowStride,
        RowTable = ColumnTable,
        ColumnTable = RowTable,
    };

    public readonly bool UnitRows => RowTable == null && RowStride == 1;

    public readonly bool UnitColumns => ColumnTable == null && ColumnStride == 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly nint Row(nint i) => RowTable == null ? i * RowStride : RowTable[i];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly nint Column(nint j) => ColumnTable == null ? j * ColumnStride : ColumnTable[j];

    /// <summary>The stride of an axis of one element says nothing: it becomes the one that suits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(T* data, nint rowStride, nint columnStride, int rows, int columns)
    {
        Data = data;
        RowStride = rows == 1 ? 1 : rowStride;
        ColumnStride = columns == 1 ? 1 : columnStride;
        RowTable = null;
        ColumnTable = null;
    }

    /// <summary>Axes with a table follow it; a table of even steps becomes a stride, which spares gathering.</summary>
    public void SetTables(int* rowTable, int rows, int* columnTable, int columns)
    {
        if (rowTable != null && rows > 0 && !Even(rowTable, rows, ref Data, ref RowStride)) RowTable = rowTable;
        if (columnTable != null && columns > 0 && !Even(columnTable, columns, ref Data, ref ColumnStride)) ColumnTable = columnTable;
    }

    private static bool Even(int* table, int length, ref T* data, ref nint stride)
    {
        var step = length > 1 ? table[1] - table[0] : 1;
        for (var i = 2; i < length; i++)
        {
            if (table[i] - table[i - 1] != step) return false;
        }

        data += table[0];
        stride = step;
        return true;
    }
}
