using System.Numerics;

namespace HTensor.Kernels;

/// <summary>The decomposition of a square matrix that has been brought into scratch and scaled.</summary>
internal static unsafe class SquareSvd<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Up to here the QR iteration is as fast as divide and conquer.</summary>
    private const int LargestOfIteration = 40;

    [ThreadStatic]
    private static RotationBatch<T>? _left;

    [ThreadStatic]
    private static RotationBatch<T>? _right;

    /// <summary>Whose entries fix the signs of both vectors.</summary>
    public enum Decider
    {
        Left,
        Right,
    }

    /// <summary>
    /// 2^exponent work = U diag(values) V^T; the upper n rows of u and all of vt are written. Work, columns to the next multiple of sixteen zero,
    /// is overwritten.
    /// </summary>
    public static FactorizationStatus Run(int n, T* work, nint stride, int exponent, in MatrixView<T> u, Span<T> values, in MatrixView<T> vt,
        Decider decider, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var d = scratch.Take<double>(n);
        var e = scratch.Take<double>(n);
        var leftTau = scratch.TakeZeros<T>(n);
        var rightTau = scratch.TakeZeros<T>(n);
        BidiagonalReduction.Run(n, work, stride, d, e, leftTau, rightTau);
        var wide = n > LargestOfIteration && (u.Data != null || vt.Data != null);
        var vectors = BidiagonalDivide<T>.Stride(n);
        var left = u.Data == null ? null : scratch.Take<T>(n * vectors);
        var right = vt.Data == null && !wide ? null : scratch.Take<T>((n + 1) * vectors);
        var status = Diagonalize(n, d, e, left, right, vectors, wide, team);
        if (status != FactorizationStatus.Converged) return status;
        var order = scratch.Take<int>(n);
        for (var i = 0; i < n; i++) e[i] = double.Abs(d[i]);
        Descending.Sort(n, e, order);
        for (var i = 0; i < n; i++) values[i] = Descending.Scaled<T>(e[i], exponent);
        var reflectors = DenseProduct.RowMajor(work, stride);
        if (u.Data != null)
        {
            for (nint j = 0; j < n; j++)
            {
                // A negative value becomes positive with its left vector.
                for (nint i = 0; i < n && d[j] < 0; i++) left[j * vectors + i] = -left[j * vectors + i];
            }

            MatrixStore.Rows(n, n, left, vectors, order, u.Transposed);

            BlockReflector.ApplyAll(n, n - 1, reflectors, leftTau, u, n, team);
        }

        if (vt.Data != null)
        {
            MatrixStore.Rows(n, n, right, vectors, order, vt);
            BlockReflector.ApplyAll(n - 1, n - 2, reflectors.At(0, 1).Transposed, rightTau, vt.Transposed.At(1, 0), n, team);
        }

        Signs(n, u, vt, decider);
        return status;
    }

    private static FactorizationStatus Diagonalize(int n, double* d, double* e, T* left, T* right, nint stride, bool wide, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var leftBatch = _left ??= new RotationBatch<T>();
        var rightBatch = _right ??= new RotationBatch<T>();
        e[n - 1] = 0;
        if (wide) return BidiagonalDivide<T>.Run(n, d, e, left, right, leftBatch, rightBatch, team);
        leftBatch.StartIdentity(n, left, stride, scratch);
        rightBatch.StartIdentity(n, right, stride, scratch);
        return BidiagonalQr<T>.Run(n, d, e, leftBatch, rightBatch);
    }

    // A tall matrix without right vectors: its left ones are not whole yet.
    private static void Signs(int n, in MatrixView<T> u, in MatrixView<T> vt, Decider decider)
    {
        if (vt.Data != null && (decider == Decider.Right || u.Data == null)) VectorSigns<T>.Fix(n, n, vt.Transposed, u.Transposed, n);
        else if (u.Data != null && decider == Decider.Left) VectorSigns<T>.Fix(n, n, u, vt, n);
    }
}
