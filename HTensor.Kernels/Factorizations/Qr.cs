using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// A [rows, columns] = Q R with Q [rows, k] of orthonormal columns and R [k, columns] upper trapezoidal, k = min(rows, columns), by blocked
/// Householder reflectors. The diagonal of R is not negative, which fixes the signs.
/// </summary>
public static unsafe class Qr
{
    /// <summary>
    /// Writes Q, row-major, into <paramref name="q"/>, or not if that is empty, and R into <paramref name="r"/>. Some 2 rows columns^2 operations for
    /// a tall A, twice that with Q. Entries of any size are scaled; NaN and infinities propagate.
    /// </summary>
    /// <exception cref="ArgumentException">A is too short for its offsets, an output has another length than its shape, or memory overlaps.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static void Factor<T>(int rows, int columns, MatrixOperand<T> a, Span<T> q, Span<T> r, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(team);
        FactorGuard.Operand(rows, columns, a);
        var k = int.Min(rows, columns);
        FactorGuard.OptionalOutput<T>(nameof(q), rows, k, q, a);
        FactorGuard.Output<T>(nameof(r), k, columns, r, a);
        FactorGuard.Apart<T>(nameof(q), q, nameof(r), r);
        fixed (T* pa = a.Data, pq = q, pr = r)
        fixed (int* rowTable = a.RowOffsets, columnTable = a.ColumnOffsets)
        {
            var view = MatrixViews.Of(rows, columns, a, pa, rowTable, columnTable);
            TallQr<T>.Run(rows, columns, view, DenseProduct.RowMajor(pq, k), DenseProduct.RowMajor(pr, columns), team);
        }
    }
}
