using System.Numerics;

namespace HTensor.Kernels;

/// <summary>A = Q T Q^T for a symmetric A, T tridiagonal, Q a product of reflectors. One pass a column over what is left: it applies the last reflector and multiplies by the next.</summary>
internal static unsafe class TridiagonalReduction
{
    /// <summary>
    /// Work, a full symmetric matrix, rows <paramref name="stride"/> apart and padded with zeros to a multiple of sixteen, becomes the reflectors: row j has
    /// the j-th from column j + 2 on. T has diagonal d [n] and off-diagonal e [n - 1].
    /// </summary>
    public static void Run<T>(int n, T* work, nint stride, double* d, double* e, T* tau)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (SimdWidth.Bits)
        {
            case 512: TridiagonalReduction<Simd512<T>, T>.Run(n, work, stride, d, e, tau); break;
            case 256: TridiagonalReduction<Simd256<T>, T>.Run(n, work, stride, d, e, tau); break;
            case 128: TridiagonalReduction<Simd128<T>, T>.Run(n, work, stride, d, e, tau); break;
            default: TridiagonalReduction<SimdScalar<T>, T>.Run(n, work, stride, d, e, tau); break;
        }
    }
}

internal static unsafe class TridiagonalReduction<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run(int n, T* work, nint stride, double* d, double* e, T* tau)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var padded = (n + 15) / 16 * 16;
        var v = scratch.TakeZeros<T>(padded);
        var w = scratch.TakeZeros<T>(padded);
        var next = scratch.TakeZeros<T>(padded);
        var y = scratch.TakeZeros<T>(padded);
        for (var j = 0; j < n; j++)
        {
            // v, w: A still lacks -(v w^T + w v^T).
            var row = work + j * stride;
            for (nint k = j; k < n; k++) row[k] -= v[j] * w[k] + w[j] * v[k];
            d[j] = double.CreateTruncating(row[j]);
            if (j == n - 1) break;
            var first = j / 16 * 16;
            for (nint k = first; k < padded; k++) next[k] = k < j + 2 ? T.Zero : row[k];
            var reflector = new Reflector<T>(row[j + 1], LaneSum<V, T>.OfSquares(next + first, padded - first));
            e[j] = double.CreateTruncating(reflector.Beta);
            tau[j] = reflector.Tau;
            for (nint k = j + 2; k < n; k++) row[k] = next[k] *= reflector.Inverse;
            next[j + 1] = T.One;

            // y = tau A v, then w = y - tau / 2 (y^T v) v.
            RowPasses<V, T>.UpdateTwoAndSum(n - j - 1, padded - first, row + stride + first, stride, v + j + 1, w + j + 1, v + first, w + first, next + j + 1, y + first);
            for (nint k = first; k < padded; k++) y[k] = k <= j ? T.Zero : reflector.Tau * y[k];
            var half = reflector.Tau * LaneSum<V, T>.OfProducts(y + first, next + first, padded - first) / (T.One + T.One);
            for (nint k = first; k < padded; k++)
            {
                v[k] = next[k];
                w[k] = T.FusedMultiplyAdd(-half, next[k], y[k]);
            }
        }
    }
}
