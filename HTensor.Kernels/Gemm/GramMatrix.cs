using System.Numerics;

namespace HTensor.Kernels;

/// <summary>A A^T by half of its product, on the calling thread.</summary>
public static unsafe class GramMatrix
{
    /// <summary>Rows of a strip of the upper half, at least: what lies below the diagonal in a strip is computed for nothing.</summary>
    private const int LeastStrip = 8;

    /// <summary>
    /// Writes C [n, n] = A A^T, row-major, of A [n, k]. Some n^2 k operations. The order of the sums depends on n, k and on whether A's columns are contiguous,
    /// on nothing else.
    /// </summary>
    /// <exception cref="ArgumentException">A is too short for its offsets, C has another length than n^2, or they overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static void Multiply<T>(int n, int k, MatrixOperand<T> a, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        FactorGuard.Operand(n, k, a);
        FactorGuard.Output<T>(nameof(c), n, n, c, a);
        fixed (T* pa = a.Data, pc = c)
        fixed (int* rowTable = a.RowOffsets, columnTable = a.ColumnOffsets)
            Multiply(n, k, MatrixViews.Of(n, k, a, pa, rowTable, columnTable), pc);
    }

    internal static void Multiply<T>(int n, int k, in MatrixView<T> a, T* c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (a.UnitRows)
        {
            OfColumns(n, k, a, c);
        }
        else if (a.UnitColumns && a.RowTable == null)
        {
            OfRows(n, k, a.Data, a.RowStride, c);
        }
        else
        {
            var scratch = FactorScratch.OfThread;
            using var scope = scratch.Open();
            var rows = scratch.Take<T>((nint)n * k);
            MatrixLoad.Run(a, n, k, rows, k, k);
            OfRows(n, k, rows, k, c);
        }

        for (nint i = 0; i < n; i++)
        {
            for (nint j = 0; j < i; j++) c[i * n + j] = c[j * n + i];
        }
    }

    private static void OfColumns<T>(int n, int k, in MatrixView<T> a, T* c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var strip = int.Max(LeastStrip, (n / 8 + LeastStrip - 1) / LeastStrip * LeastStrip);
        for (var i = 0; i < n; i += strip)
        {
            var rows = a.At(i, 0);
            DenseProduct.Run(int.Min(strip, n - i), n - i, k, rows, rows.Transposed, DenseProduct.RowMajor(c + (nint)i * n + i, n), Accumulation.Overwrite, ThreadTeam.Inline);
        }
    }

    private static void OfRows<T>(int n, int k, T* a, nint stride, T* c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (SimdWidth.Bits)
        {
            case 512: GramTiles<Simd512<T>, T>.Upper(n, k, a, stride, c); break;
            case 256: GramTiles<Simd256<T>, T>.Upper(n, k, a, stride, c); break;
            case 128: GramTiles<Simd128<T>, T>.Upper(n, k, a, stride, c); break;
            default: GramTiles<SimdScalar<T>, T>.Upper(n, k, a, stride, c); break;
        }
    }
}
