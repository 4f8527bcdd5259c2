using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// A [rows, columns] = L Q with L [rows, k] lower trapezoidal and Q [k, columns] of orthonormal rows, k = min(rows, columns): the QR factorization
/// of the transpose. The diagonal of L is not negative, which fixes the signs.
/// </summary>
public static unsafe class Lq
{
    /// <summary>
    /// Writes L into <paramref name="l"/> and Q, row-major, into <paramref name="q"/>, or not if that is empty. Some 2 rows^2 columns operations for a
    /// wide A, twice that with Q. L alone of a wide A takes its columns by slabs: scratch does not grow with them.
    /// </summary>
    /// <exception cref="ArgumentException">A is too short for its offsets, an output has another length than its shape, or memory overlaps.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static void Factor<T>(int rows, int columns, MatrixOperand<T> a, Span<T> l, Span<T> q, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(team);
        FactorGuard.Operand(rows, columns, a);
        var k = int.Min(rows, columns);
        FactorGuard.Output<T>(nameof(l), rows, k, l, a);
        FactorGuard.OptionalOutput<T>(nameof(q), k, columns, q, a);
        FactorGuard.Apart<T>(nameof(l), l, nameof(q), q);
        fixed (T* pa = a.Data, pl = l, pq = q)
        fixed (int* rowTable = a.RowOffsets, columnTable = a.ColumnOffsets)
        {
            var view = MatrixViews.Of(rows, columns, a, pa, rowTable, columnTable);
            TallQr<T>.Run(columns, rows, view.Transposed, DenseProduct.RowMajor(pq, columns).Transposed, DenseProduct.RowMajor(pl, k).Transposed, team);
        }
    }
}
