using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// A [n, n] = U B V^T with B upper bidiagonal and U, V products of reflectors. Two passes over what is left a column: each applies the reflector
/// before it and sums what the next one needs.
/// </summary>
internal static unsafe class BidiagonalReduction
{
    /// <summary>
    /// Work, rows <paramref name="stride"/> apart, becomes the reflectors: those of U below the diagonal, those of V right of the superdiagonal, the leading
    /// ones not stored. Columns n to the next multiple of 16 are zero. B has diagonal d [n] and superdiagonal e [n - 1].
    /// </summary>
    public static void Run<T>(int n, T* work, nint stride, double* d, double* e, T* leftTau, T* rightTau)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (SimdWidth.Bits)
        {
            case 512: BidiagonalReduction<Simd512<T>, T>.Run(n, work, stride, d, e, leftTau, rightTau); break;
            case 256: BidiagonalReduction<Simd256<T>, T>.Run(n, work, stride, d, e, leftTau, rightTau); break;
            case 128: BidiagonalReduction<Simd128<T>, T>.Run(n, work, stride, d, e, leftTau, rightTau); break;
            default: BidiagonalReduction<SimdScalar<T>, T>.Run(n, work, stride, d, e, leftTau, rightTau); break;
        }
    }
}

internal static unsafe class BidiagonalReduction<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run(int n, T* work, nint stride, double* d, double* e, T* leftTau, T* rightTau)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var padded = (n + 15) / 16 * 16;
        var y = scratch.TakeZeros<T>(padded);
        var v = scratch.TakeZeros<T>(padded);
        var u = scratch.TakeZeros<T>(padded);
        var b = scratch.TakeZeros<T>(padded);
        for (var j = 0; j < n; j++)
        {
            var first = j / 16 * 16;
            var left = Column(j, n, work, stride, v, u, b);
            d[j] = double.CreateTruncating(left.Beta);
            leftTau[j] = left.Tau;

            // y = tau A^T u, A what is left once the last row's reflector has been applied.
            RowPasses<V, T>.UpdateAndSum(n - j, padded - first, work + j * stride + first, stride, b + j, v + first, u + j, y + first);
            for (nint i = j + 1; i < n; i++) work[i * stride + j] = u[i];
            if (j == n - 1) break;
            for (nint k = first; k < padded; k++) y[k] = k <= j ? T.Zero : left.Tau * y[k];

            var right = Row(j, n, work + j * stride, y, v);
            e[j] = double.CreateTruncating(right.Beta);
            rightTau[j] = right.Tau;

            // b = -tau A v, A what is left once the column's reflector has been applied.
            for (nint i = j + 1; i < n; i++) u[i] = -u[i];
            RowPasses<V, T>.UpdateAndDot(n - j - 1, padded - first, work + (j + 1) * stride + first, stride, u + j + 1, y + first, v + first, b + j + 1);
            for (nint i = j + 1; i < n; i++) b[i] *= -right.Tau;
        }
    }

    /// <summary>Column j as it will be once the pass to come has applied b v^T; u becomes its reflector.</summary>
    private static Reflector<T> Column(int j, int n, T* work, nint stride, T* v, T* u, T* b)
    {
        for (nint i = j; i < n; i++) u[i] = T.FusedMultiplyAdd(b[i], v[j], work[i * stride + j]);
        var alpha = u[j];
        u[j] = T.Zero;
        var first = j / 16 * 16;
        for (var i = first; i < j; i++) u[i] = T.Zero;
        var reflector = new Reflector<T>(alpha, LaneSum<V, T>.OfSquares(u + first, (n + 15) / 16 * 16 - first));
        for (nint i = j + 1; i < n; i++) u[i] *= reflector.Inverse;
        u[j] = T.One;
        return reflector;
    }

    private static Reflector<T> Row(int j, int n, T* row, T* y, T* v)
    {
        var padded = (n + 15) / 16 * 16;
        var first = j / 16 * 16;
        for (nint k = j + 1; k < n; k++) v[k] = row[k] - y[k];
        for (nint k = first; k <= j; k++) v[k] = T.Zero;
        var alpha = v[j + 1];
        v[j + 1] = T.Zero;
        var reflector = new Reflector<T>(alpha, LaneSum<V, T>.OfSquares(v + first, padded - first));
        for (nint k = j + 2; k < n; k++) row[k] = v[k] *= reflector.Inverse;
        v[j + 1] = T.One;
        return reflector;
    }
}
