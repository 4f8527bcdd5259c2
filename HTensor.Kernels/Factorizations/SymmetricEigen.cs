using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// The eigendecomposition A = V diag(values) V^T of a symmetric A [n, n], values descending: reduced to a tridiagonal matrix by reflectors, then the
/// implicit QR iteration. Each value is within a modest multiple of n epsilon of the largest magnitude, and the vectors are orthonormal to as much.
/// </summary>
public static unsafe class SymmetricEigen
{
    /// <summary>
    /// Reads the lower triangle of A. Writes the vectors [n, n], row-major, one a column, or not if that is empty; in each, the entry of largest magnitude
    /// (the first of equals) is positive. Some 10 n^3 operations with vectors. Entries of any size are scaled.
    /// </summary>
    /// <exception cref="ArgumentException">A is too short for its offsets, an output has another length than its shape, or memory overlaps.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    public static FactorizationStatus Factor<T>(int n, MatrixOperand<T> a, Span<T> values, Span<T> vectors, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(team);
        FactorGuard.Operand(n, n, a);
        FactorGuard.Output<T>(nameof(values), n, 1, values, a);
        FactorGuard.OptionalOutput<T>(nameof(vectors), n, n, vectors, a);
        if (n == 0) return FactorizationStatus.Converged;
        fixed (T* pa = a.Data, pv = vectors)
        fixed (int* rowTable = a.RowOffsets, columnTable = a.ColumnOffsets)
            return Eigen<T>.Run(n, MatrixViews.Of(n, n, a, pa, rowTable, columnTable), values, DenseProduct.RowMajor(pv, n), team);
    }
}

internal static unsafe class Eigen<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [ThreadStatic]
    private static RotationBatch<T>? _batch;

    public static FactorizationStatus Run(int n, in MatrixView<T> a, Span<T> values, in MatrixView<T> vectors, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var stride = BlockedQr<T>.Stride(n);
        var work = scratch.Take<T>(n * stride);
        MatrixLoad.Run(a, n, n, work, stride, stride);
        for (nint i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++) work[i * stride + j] = work[j * stride + i];
        }

        var largest = Magnitude.Largest(work, n, n, stride);
        if (!T.IsFinite(largest)) return FactorizationStatus.NonFinite;
        var exponent = Magnitude.Exponent(largest);
        Magnitude.Scale(work, n, n, stride, -exponent);
        var d = scratch.Take<double>(n);
        var e = scratch.Take<double>(n);
        var tau = scratch.TakeZeros<T>(n);
        TridiagonalReduction.Run(n, work, stride, d, e, tau);
        var rowsApart = TridiagonalDivide<T>.Stride(n);
        var rotated = vectors.Data == null ? null : scratch.Take<T>(n * rowsApart);
        var status = TridiagonalDivide<T>.Run(n, d, e, rotated, _batch ??= new RotationBatch<T>(), team);
        if (status != FactorizationStatus.Converged) return status;
        var order = scratch.Take<int>(n);
        Descending.Sort(n, d, order);
        for (var i = 0; i < n; i++) values[i] = Descending.Scaled<T>(d[i], exponent);
        if (vectors.Data == null) return status;
        MatrixStore.Rows(n, n, rotated, rowsApart, order, vectors.Transposed);
        BlockReflector.ApplyAll(n - 1, n - 2, DenseProduct.RowMajor(work, stride).At(0, 1).Transposed, tau, vectors.At(1, 0), n, team);
        VectorSigns<T>.Fix(n, n, vectors, default, 0);
        return status;
    }
}
