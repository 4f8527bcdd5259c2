using System.Numerics;
using System.Runtime.CompilerServices;
using HTensor.Kernels;
using MathNet.Numerics.LinearAlgebra.Double;

namespace HTensor.Bench;

/// <summary>
/// QR, LQ, SVD and symmetric eigendecompositions with all their outputs, unless the name says otherwise, beside LAPACK in OpenBLAS. LAPACK gets
/// matrices in its own order: each of its calls copies the input first, for it works in place, and that copy is in its time as ours is in ours.
/// </summary>
internal static class FactorizationCases
{
    private const int LargestOfMathNet = 400;

    public static IEnumerable<NamedCase> All(ThreadTeam team, PeerLibraries peers) => [.. Of<double>(string.Empty, team, peers), .. Of<float>(" float", team, peers)];

    private static IEnumerable<NamedCase> Of<T>(string suffix, ThreadTeam team, PeerLibraries peers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var (rows, columns) in ((int, int)[])[(64, 64), (400, 400), (2000, 50), (1000, 1000)])
            yield return new($"qr {rows}x{columns}{suffix}", () => Qr<T>($"qr {rows}x{columns}{suffix}", rows, columns, team, peers));
        (int, int)[] wide = typeof(T) == typeof(double) ? [(64, 4096), (64, 262_144)] : [(64, 4096)];
        foreach (var (rows, columns) in wide)
        {
            yield return new($"lq {rows}x{columns}{suffix}", () => Lq<T>($"lq {rows}x{columns}{suffix}", rows, columns, Outputs.All, team, peers));
            yield return new($"lq l alone {rows}x{columns}{suffix}", () => Lq<T>($"lq l alone {rows}x{columns}{suffix}", rows, columns, Outputs.FirstAlone, team, peers));
        }

        foreach (var (rows, columns) in ((int, int)[])[(16, 16), (64, 64), (200, 200), (400, 400), .. wide])
            yield return new($"svd {rows}x{columns}{suffix}", () => Svd<T>($"svd {rows}x{columns}{suffix}", rows, columns, team, peers));
        foreach (var n in (int[])[16, 64, 200, 400])
            yield return new($"eigen {n}x{n}{suffix}", () => Eigen<T>($"eigen {n}x{n}{suffix}", n, team, peers));
    }

    private enum Outputs
    {
        All,
        FirstAlone,
    }

    private static BenchCase Qr<T>(string title, int rows, int columns, ThreadTeam team, PeerLibraries peers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var k = int.Min(rows, columns);
        var (a, q, r) = (Normals<T>(rows, columns), Pinned<T>(rows * k), Pinned<T>(k * columns));
        var list = new List<Peer>();
        if (peers.OpenBlas?.Lapack is { } lapack)
        {
            var (source, work, tau) = (Transposed(a, rows, columns), Pinned<T>(rows * columns), Pinned<T>(k));
            list.Add(new("OpenBLAS", () =>
            {
                source.AsSpan().CopyTo(work);
                lapack.Geqrf(rows, columns, work, tau);
                lapack.Orgqr(rows, k, work, tau);
            }));
        }

        return Case<T>(title, rows, columns, 4 * Reflections(rows, columns), () => HTensor.Kernels.Qr.Factor(rows, columns, new MatrixOperand<T>(a, columns, 1), q, r, team), list);
    }

    private static BenchCase Lq<T>(string title, int rows, int columns, Outputs outputs, ThreadTeam team, PeerLibraries peers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var k = int.Min(rows, columns);
        var (a, l, q) = (Normals<T>(rows, columns), Pinned<T>(rows * k), Pinned<T>(outputs == Outputs.All ? k * columns : 0));
        var list = new List<Peer>();
        if (peers.OpenBlas?.Lapack is { } lapack)
        {
            var (source, work, tau) = (Transposed(a, rows, columns), Pinned<T>(rows * columns), Pinned<T>(k));
            list.Add(new("OpenBLAS", () =>
            {
                source.AsSpan().CopyTo(work);
                lapack.Gelqf(rows, columns, work, tau);
                if (outputs == Outputs.All) lapack.Orglq(k, columns, work, tau);
            }));
        }

        return Case<T>(title, rows, columns, (outputs == Outputs.All ? 4 : 2) * Reflections(columns, rows),
            () => HTensor.Kernels.Lq.Factor(rows, columns, new MatrixOperand<T>(a, columns, 1), l, q, team), list);
    }

    private static BenchCase Svd<T>(string title, int rows, int columns, ThreadTeam team, PeerLibraries peers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var k = int.Min(rows, columns);
        var (a, u, values, vt) = (Normals<T>(rows, columns), Pinned<T>(rows * k), Pinned<T>(k), Pinned<T>(k * columns));
        var list = new List<Peer>();
        if (peers.OpenBlas?.Lapack is { } lapack)
        {
            var (source, work, peerU, s, peerVt) = (Transposed(a, rows, columns), Pinned<T>(rows * columns), Pinned<T>(rows * k), Pinned<T>(k), Pinned<T>(k * columns));
            list.Add(new("OpenBLAS", () =>
            {
                source.AsSpan().CopyTo(work);
                lapack.Gesdd(rows, columns, work, s, peerU, peerVt);
            }));
        }

        if (a is double[] doubles && rows == columns && rows <= LargestOfMathNet)
        {
            var matrix = new DenseMatrix(rows, columns, Transposed(doubles, rows, columns));
            list.Add(new("MathNet", () => matrix.Svd()));
        }

        // The reduction, both products with its reflectors, and vectors of the small problem without deflation.

        return Case<T>(title, rows, columns, 14.0 / 3 * k * k * k + (rows == columns ? 0 : 4 * Reflections(int.Max(rows, columns), k)), () => Decompose(rows, columns, a, u, values, vt, team), list);
    }

    private static void Decompose<T>(int rows, int columns, T[] a, T[] u, T[] values, T[] vt, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        HTensor.Kernels.Svd.Factor(rows, columns, new MatrixOperand<T>(a, columns, 1), u, values, vt, team);

    private static BenchCase Eigen<T>(string title, int n, ThreadTeam team, PeerLibraries peers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (a, values, vectors) = (Normals<T>(n, n), Pinned<T>(n), Pinned<T>(n * n));
        var list = new List<Peer>();
        if (peers.OpenBlas?.Lapack is { } lapack)
        {
            // Its upper triangle in column-major order is our lower one.
            var (work, w) = (Pinned<T>(n * n), Pinned<T>(n));
            list.Add(new("OpenBLAS", () =>
            {
                a.AsSpan().CopyTo(work);
                lapack.Syevd(n, work, w);
            }));
        }

        return Case<T>(title, n, n, 7.0 / 3 * n * n * n, () => SymmetricEigen.Factor(n, new MatrixOperand<T>(a, n, 1), values, vectors, team), list);
    }

    /// <summary>Half the multiply-adds of R alone of a tall matrix.</summary>
    private static double Reflections(double rows, double columns) => 0.5 * columns * columns * (rows - columns / 3);

    private static BenchCase Case<T>(string title, int rows, int columns, double multiplyAdds, Action ours, List<Peer> peers) =>
        new(title, typeof(T), multiplyAdds, 4.0 * rows * columns * Unsafe.SizeOf<T>(), ours, peers);

    private static T[] Normals<T>(int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = Pinned<T>(rows * columns);
        new Philox(1).FillNormal(values, T.One);
        return values;
    }

    private static T[] Transposed<T>(T[] a, int rows, int columns)
    {
        var transposed = Pinned<T>(a.Length);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++) transposed[j * rows + i] = a[i * columns + j];
        }

        return transposed;
    }

    private static T[] Pinned<T>(int length) => GC.AllocateArray<T>(length, pinned: true);
}
