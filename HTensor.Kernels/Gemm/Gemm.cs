using System.Numerics;

namespace HTensor.Kernels;

/// <summary>Dense matrix products.</summary>
public static class Gemm
{
    /// <summary>
    /// C[i, j] (+)= sum_p A[i, p] B[p, j], A [m, k], B [k, n], C [m, n] at <c>i * rowStride + j * columnStride</c> of <paramref name="c"/>.
    /// </summary>
    public static void Multiply<T>(int m, int n, int k, MatrixOperand<T> a, MatrixOperand<T> b, Span<T> c, nint rowStride, nint columnStride,
        Accumulation accumulation, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = T.Zero;
                for (var p = 0; p < k; p++)
                {
                    var ai = (a.RowOffsets.IsEmpty ? i * a.RowStride : a.RowOffsets[i]) + (a.ColumnOffsets.IsEmpty ? p * a.ColumnStride : a.ColumnOffsets[p]);
                    var bi = (b.RowOffsets.IsEmpty ? p * b.RowStride : b.RowOffsets[p]) + (b.ColumnOffsets.IsEmpty ? j * b.ColumnStride : b.ColumnOffsets[j]);
                    sum = T.FusedMultiplyAdd(a.Data[(int)ai], b.Data[(int)bi], sum);
                }

                var ci = (int)(i * rowStride + j * columnStride);
                c[ci] = accumulation == Accumulation.Add ? c[ci] + sum : sum;
            }
        }
    }

    /// <summary>The same product into C [m, n] at <c>rowOffsets[i] + columnOffsets[j]</c> of <paramref name="c"/>.</summary>
    public static void Multiply<T>(int m, int n, int k, MatrixOperand<T> a, MatrixOperand<T> b, Span<T> c, ReadOnlySpan<int> rowOffsets,
        ReadOnlySpan<int> columnOffsets, Accumulation accumulation, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = T.Zero;
                for (var p = 0; p < k; p++)
                {
                    var ai = (a.RowOffsets.IsEmpty ? i * a.RowStride : a.RowOffsets[i]) + (a.ColumnOffsets.IsEmpty ? p * a.ColumnStride : a.ColumnOffsets[p]);
                    var bi = (b.RowOffsets.IsEmpty ? p * b.RowStride : b.RowOffsets[p]) + (b.ColumnOffsets.IsEmpty ? j * b.ColumnStride : b.ColumnOffsets[j]);
                    sum = T.FusedMultiplyAdd(a.Data[(int)ai], b.Data[(int)bi], sum);
                }

                var ci = rowOffsets[i] + columnOffsets[j];
                c[ci] = accumulation == Accumulation.Add ? c[ci] + sum : sum;
            }
        }
    }
}
