using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>An operand brought into row-major scratch.</summary>
internal static unsafe class MatrixLoad
{
    private const int Block = 16;

    /// <summary>destination[i * stride + j] = a[i, j]; zeros from <paramref name="columns"/> to <paramref name="padded"/>.</summary>
    [MethodImpl(Compile.Apart)]
    public static void Run<T>(in MatrixView<T> a, int rows, int columns, T* destination, nint stride, nint padded)
        where T : unmanaged
    {
        if (a.UnitColumns)
        {
            for (nint i = 0; i < rows; i++) Unsafe.CopyBlockUnaligned(destination + i * stride, a.Data + a.Row(i), checked((uint)((nint)columns * sizeof(T))));
        }
        else
        {
            // Squares, so that neither side's lines are fetched twice.
            for (nint i = 0; i < rows; i += Block)
            {
                for (nint j = 0; j < columns; j += Block) Square(a, i, nint.Min(rows, i + Block), j, nint.Min(columns, j + Block), destination, stride);
            }
        }

        if (padded == columns) return;
        for (nint i = 0; i < rows; i++) new Span<T>(destination + i * stride + columns, (int)(padded - columns)).Clear();
    }

    [MethodImpl(Compile.Apart)]
    private static void Square<T>(in MatrixView<T> a, nint row, nint rowEnd, nint column, nint columnEnd, T* destination, nint stride)
        where T : unmanaged
    {
        for (var j = column; j < columnEnd; j++)
        {
            var source = a.Data + a.Column(j);
            var to = destination + j;
            if (a.RowTable != null)
            {
                for (var i = row; i < rowEnd; i++) to[i * stride] = source[a.RowTable[i]];
            }
            else
            {
                for (var i = row; i < rowEnd; i++) to[i * stride] = source[i * a.RowStride];
            }
        }
    }
}
