using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// A [rows, columns] = Q R from the Cholesky factor of A^T A, Q left as A R^-1: half of the operations of reflectors, all of them products. Q is
/// orthonormal to <see cref="Roundoffs"/> unit roundoffs times ||S^-1||_F^2, S being R with columns of norm 1, so it serves where columns are well apart,
/// whatever their sizes. Yamamoto, Nakatsukasa, Yanagisawa, Fukaya 2015.
/// </summary>
public static unsafe class CholeskyQr
{
    private const double Roundoffs = 8;

    /// <summary>
    /// Writes R [columns, columns] and R^-1, both upper triangular, diagonals positive, and returns how far Q^T Q may be from the identity, in the Frobenius
    /// norm; infinity, and nothing of use written, where that is above <paramref name="most"/> or squares leave the range of <typeparamref name="T"/>.
    /// Some rows columns^2 operations.
    /// </summary>
    /// <exception cref="ArgumentException">A is too short for its offsets, an output has another length than its shape, or memory overlaps.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static double Factor<T>(int rows, int columns, MatrixOperand<T> a, Span<T> r, Span<T> inverse, double most)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        FactorGuard.Operand(rows, columns, a);
        FactorGuard.Output<T>(nameof(r), columns, columns, r, a);
        FactorGuard.Output<T>(nameof(inverse), columns, columns, inverse, a);
        FactorGuard.Apart<T>(nameof(r), r, nameof(inverse), inverse);
        if (rows < columns) return double.PositiveInfinity;
        fixed (T* pa = a.Data, pr = r, pi = inverse)
        fixed (int* rowTable = a.RowOffsets, columnTable = a.ColumnOffsets)
        {
            GramMatrix.Multiply(columns, rows, MatrixViews.Of(rows, columns, a, pa, rowTable, columnTable).Transposed, pr);
            var scratch = FactorScratch.OfThread;
            using var scope = scratch.Open();
            var norms = scratch.Take<T>(columns);
            if (!Equilibrate(columns, pr, norms) || !Triangle(columns, pr)) return double.PositiveInfinity;
            Invert(columns, pr, pi);
            var loss = Loss(columns, pi);
            if (!(loss <= most)) return double.PositiveInfinity;
            for (nint i = 0; i < columns; i++)
            {
                for (var j = i; j < columns; j++) (pr[i * columns + j], pi[i * columns + j]) = (pr[i * columns + j] * norms[j], pi[i * columns + j] / norms[i]);
            }

            return loss;
        }
    }

    /// <summary>A unit diagonal; false where a square, or products beside it, may have left the range.</summary>
    private static bool Equilibrate<T>(int n, T* gram, T* norms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var least = T.Sqrt(typeof(T) == typeof(float) ? T.CreateTruncating(1.1754944e-38f) : T.CreateTruncating(2.2250738585072014e-308));
        for (nint i = 0; i < n; i++)
        {
            var squared = gram[i * n + i];
            if (!T.IsFinite(squared) || squared < least) return false;
            norms[i] = T.Sqrt(squared);
        }

        for (nint i = 0; i < n; i++)
        {
            for (nint j = 0; j < n; j++) gram[i * n + j] = gram[i * n + j] / norms[i] / norms[j];
        }

        return true;
    }

    /// <summary>S of A^T A = S^T S in its place, zeros below the diagonal; false where a pivot is not positive.</summary>
    private static bool Triangle<T>(int n, T* gram)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint k = 0; k < n; k++)
        {
            var row = gram + k * n;
            if (!(row[k] > T.Zero)) return false;
            var scale = T.One / T.Sqrt(row[k]);
            for (var j = k; j < n; j++) row[j] *= scale;
            for (var i = k + 1; i < n; i++)
            {
                var target = gram + i * n;
                var factor = -row[i];
                for (var j = i; j < n; j++) target[j] = T.FusedMultiplyAdd(factor, row[j], target[j]);
                target[k] = T.Zero;
            }
        }

        return true;
    }

    /// <summary>S^-1, row by row from the last: row i = (e_i - sum_j>i S[i, j] row j) / S[i, i].</summary>
    private static void Invert<T>(int n, T* s, T* inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint i = n - 1; i >= 0; i--)
        {
            var row = inverse + i * n;
            var pivot = T.One / s[i * n + i];
            new Span<T>(row, n).Clear();
            for (var j = i + 1; j < n; j++)
            {
                var other = inverse + j * n;
                var factor = -s[i * n + j] * pivot;
                for (var k = j; k < n; k++) row[k] = T.FusedMultiplyAdd(factor, other[k], row[k]);
            }

            row[i] = pivot;
        }
    }

    private static double Loss<T>(int n, T* inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var unit = typeof(T) == typeof(float) ? 1.0 / (1 << 24) : 1.0 / (1L << 53);
        return Roundoffs * unit * double.CreateTruncating(SumOfSquares.Of(new ReadOnlySpan<T>(inverse, n * n)));
    }
}
