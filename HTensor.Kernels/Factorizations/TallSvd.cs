using System.Numerics;

namespace HTensor.Kernels;

/// <summary>The decomposition of a matrix of at least as many rows as columns; the operands are views, so a wide one comes as its transpose.</summary>
internal static unsafe class TallSvd<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>u [rows, n] and vt [n, n], each with Data null if not asked for.</summary>
    public static FactorizationStatus Run(int rows, int n, in MatrixView<T> a, in MatrixView<T> u, Span<T> values, in MatrixView<T> vt, ThreadTeam team)
    {
        if (rows == n) return Square(n, a, u, values, vt, team);
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var stride = BlockedQr<T>.Stride(n);
        var core = scratch.Take<T>(n * stride);
        if (u.Data == null)
        {
            if (!TriangleAlone(rows, n, a, core, stride, team)) return FactorizationStatus.NonFinite;
            return Square(n, DenseProduct.RowMajor(core, stride), u, values, vt, team);
        }

        if (SlabQr<T>.Fits(rows, n)) return WithSlabs(rows, n, a, u, values, vt, core, stride, team);
        var work = scratch.Take<T>(rows * stride);
        MatrixLoad.Run(a, rows, n, work, stride, stride);
        var largest = Magnitude.Largest(work, rows, n, stride);
        if (!T.IsFinite(largest)) return FactorizationStatus.NonFinite;
        var exponent = Magnitude.Exponent(largest);
        Magnitude.Scale(work, rows, n, stride, -exponent);
        var triangles = scratch.Take<T>((nint)(n + ReflectorPanel.Width) * ReflectorPanel.Width);
        BlockedQr<T>.Reduce(rows, n, work, stride, triangles, BlockedQr<T>.Keep.Reflectors, team);
        for (nint i = 0; i < n; i++)
        {
            for (nint j = 0; j < stride; j++) core[i * stride + j] = j < i ? T.Zero : work[i * stride + j];
        }

        var status = SquareSvd<T>.Run(n, core, stride, exponent, u, values, vt, SquareSvd<T>.Decider.Right, team);
        if (status != FactorizationStatus.Converged) return status;
        MatrixStore.Clear(rows - n, n, u.At(n, 0));

        BlockedQr<T>.Orthogonal(rows, n, n, work, stride, triangles, u, BlockedQr<T>.Start.Full, team);
        if (vt.Data == null) VectorSigns<T>.Fix(rows, n, u, default, 0);
        return status;
    }

    private static FactorizationStatus WithSlabs(int rows, int n, in MatrixView<T> a, in MatrixView<T> u, Span<T> values, in MatrixView<T> vt, T* core, nint stride, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        FactorScratch.Clear(core, n * stride);
        var slabs = SlabQr<T>.Forward(rows, n, a, u, core, stride, out var exponent, team);
        if (!T.IsFinite(Magnitude.Largest(core, n, n, stride))) return FactorizationStatus.NonFinite;
        var left = scratch.Take<T>((nint)n * n);
        var status = SquareSvd<T>.Run(n, core, stride, exponent, DenseProduct.RowMajor(left, n), values, vt, SquareSvd<T>.Decider.Right, team);
        if (status != FactorizationStatus.Converged) return status;
        slabs.Back(left, n, team);
        if (vt.Data == null) VectorSigns<T>.Fix(rows, n, u, default, 0);
        return status;
    }

    private static FactorizationStatus Square(int n, in MatrixView<T> a, in MatrixView<T> u, Span<T> values, in MatrixView<T> vt, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var stride = BlockedQr<T>.Stride(n);
        var work = scratch.Take<T>(n * stride);
        MatrixLoad.Run(a, n, n, work, stride, stride);
        var largest = Magnitude.Largest(work, n, n, stride);
        if (!T.IsFinite(largest)) return FactorizationStatus.NonFinite;
        var exponent = Magnitude.Exponent(largest);
        Magnitude.Scale(work, n, n, stride, -exponent);
        return SquareSvd<T>.Run(n, work, stride, exponent, u, values, vt, SquareSvd<T>.Decider.Left, team);
    }

    private static bool TriangleAlone(int rows, int n, in MatrixView<T> a, T* core, nint stride, ThreadTeam team)
    {
        TallQr<T>.Run(rows, n, a, default, DenseProduct.RowMajor(core, stride), team);
        return T.IsFinite(Magnitude.Largest(core, n, n, stride));
    }
}
