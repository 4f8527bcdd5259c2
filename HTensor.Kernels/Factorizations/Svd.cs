using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// The thin singular value decomposition A [rows, columns] = U diag(values) V^T, k = min(rows, columns), values descending and not negative. A
/// Householder QR (LQ for a wide A) leaves a square matrix; that is reduced to a bidiagonal one, whose values an implicit QR iteration finds.
/// Each value is within a modest multiple of k epsilon of the largest, and the vectors are orthonormal to as much, whatever the rank.
/// </summary>
public static unsafe class Svd
{
    /// <summary>
    /// Writes U [rows, k] and V^T [k, columns], row-major, or not where that is empty. Signs: in each left vector, or, if rows exceed columns, each
    /// right one, the entry of largest magnitude (the first of equals) is positive; where those vectors are not asked for, that of the others.
    /// Some 4 rows columns^2 + 20 columns^3 operations for a tall A with both. Entries of any size are scaled.
    /// </summary>
    /// <exception cref="ArgumentException">A is too short for its offsets, an output has another length than its shape, or memory overlaps.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static FactorizationStatus Factor<T>(int rows, int columns, MatrixOperand<T> a, Span<T> u, Span<T> values, Span<T> vt, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(team);
        FactorGuard.Operand(rows, columns, a);
        var k = int.Min(rows, columns);
        FactorGuard.OptionalOutput<T>(nameof(u), rows, k, u, a);
        FactorGuard.Output<T>(nameof(values), k, 1, values, a);
        FactorGuard.OptionalOutput<T>(nameof(vt), k, columns, vt, a);
        FactorGuard.Apart<T>(nameof(u), u, nameof(vt), vt);
        if (k == 0) return FactorizationStatus.Converged;
        fixed (T* pa = a.Data, pu = u, pvt = vt)
        fixed (int* rowTable = a.RowOffsets, columnTable = a.ColumnOffsets)
        {
            var view = MatrixViews.Of(rows, columns, a, pa, rowTable, columnTable);
            var left = DenseProduct.RowMajor(pu, k);
            var right = DenseProduct.RowMajor(pvt, columns);
            return rows >= columns
                ? TallSvd<T>.Run(rows, columns, view, left, values, right, team)
                : TallSvd<T>.Run(columns, rows, view.Transposed, right.Transposed, values, left.Transposed, team);
        }
    }
}
