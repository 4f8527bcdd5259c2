using System.Numerics;

namespace HTensor.Kernels;

/// <summary>Results written through a view, in the order in which its memory lies.</summary>
internal static unsafe class MatrixStore
{
    /// <summary>view = 0.</summary>
    public static void Clear<T>(int rows, int columns, in MatrixView<T> view)
        where T : unmanaged
    {
        if (view.UnitColumns)
        {
            for (nint i = 0; i < rows; i++) new Span<T>(view.Data + view.Row(i), columns).Clear();
        }
        else
        {
            for (nint j = 0; j < columns; j++)
            {
                for (nint i = 0; i < rows; i++) view.Data[view.Row(i) + view.Column(j)] = default;
            }
        }
    }

    /// <summary>view = source, rows <paramref name="stride"/> apart. The view has contiguous rows or columns.</summary>
    public static void Whole<T>(int rows, int columns, T* source, nint stride, in MatrixView<T> view)
        where T : unmanaged
    {
        var from = DenseProduct.RowMajor(source, stride);
        if (view.UnitColumns) MatrixLoad.Run(from, rows, columns, view.Data, view.RowStride, columns);
        else MatrixLoad.Run(from.Transposed, columns, rows, view.Data, view.ColumnStride, rows);
    }

    /// <summary>view[j, :] = row order[j] of vectors, rows <paramref name="stride"/> apart. The view has contiguous rows or columns.</summary>
    public static void Rows<T>(int rows, int columns, T* vectors, nint stride, int* order, in MatrixView<T> view)
        where T : unmanaged
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var offsets = scratch.Take<int>(rows);
        for (var j = 0; j < rows; j++) offsets[j] = checked((int)(order[j] * stride));
        var source = new MatrixView<T> { Data = vectors, RowTable = offsets, ColumnStride = 1 };
        if (view.UnitColumns) MatrixLoad.Run(source, rows, columns, view.Data, view.RowStride, columns);
        else MatrixLoad.Run(source.Transposed, columns, rows, view.Data, view.ColumnStride, rows);
    }
}
