using System.Numerics;
using System.Runtime.CompilerServices;
using HTensor.Kernels;
using MathNet.Numerics.LinearAlgebra.Single;

namespace HTensor.Bench;

/// <summary>Row-major products M x K x N. Every library has a destination of its own.</summary>
internal static class GemmCases
{
    /// <summary>MathNet's managed product takes seconds beyond.</summary>
    private const long LargestOfMathNet = 512L * 512 * 512;

    private static readonly (int M, int K, int N)[] Single =
    [
        (16, 16, 16), (32, 32, 32), (64, 64, 64), (128, 128, 128), (256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (2048, 2048, 2048),
        (307_200, 18, 16), (691_200, 8, 8), (76_800, 36, 20), (7_200, 8, 64), (1_000_000, 4, 4), (15_360, 320, 64), (768, 1280, 256),
        (1, 1024, 1024), (1024, 1024, 1),
    ];

    private static readonly (int M, int K, int N)[] Double = [(256, 256, 256), (1024, 1024, 1024)];

    public static IEnumerable<NamedCase> All(ThreadTeam team, PeerLibraries peers)
    {
        foreach (var (m, k, n) in Single) yield return new($"sgemm {m}x{k}x{n}", () => Create<float>($"sgemm {m}x{k}x{n}", m, k, n, team, peers));
        foreach (var (m, k, n) in Double) yield return new($"dgemm {m}x{k}x{n}", () => Create<double>($"dgemm {m}x{k}x{n}", m, k, n, team, peers));
    }

    private static BenchCase Create<T>(string title, int m, int k, int n, ThreadTeam team, PeerLibraries peers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Philox(1);
        var (a, b, c, other) = (Filled<T>(m * k, random), Filled<T>(k * n, random), Filled<T>(m * n, random), Filled<T>(m * n, random));
        var list = new List<Peer>();
        if (peers.OpenBlas is { } blas) list.Add(new("OpenBLAS", () => blas.Multiply(m, n, k, a, b, other)));
        if (a is float[] single) list.Add(peers.OnnxMatMul(m, n, k, single, (float[])(object)b));
        list.AddRange(peers.Torch($"{(typeof(T) == typeof(float) ? "sgemm" : "dgemm")} {m} {k} {n}"));
        if (a is float[] && (long)m * n * k is >= 16_000_000 and <= LargestOfMathNet) list.Add(MathNet(m, n, k));
        var bytes = ((double)m * k + (double)k * n + 2.0 * m * n) * Unsafe.SizeOf<T>();
        return new(title, typeof(T), (double)m * n * k, bytes, () => Ours(m, n, k, a, b, c, team), list);
    }

    private static void Ours<T>(int m, int n, int k, T[] a, T[] b, T[] c, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gemm.Multiply(m, n, k, new MatrixOperand<T>(a, k, 1), new MatrixOperand<T>(b, n, 1), c, n, 1, Accumulation.Overwrite, team);

    private static Peer MathNet(int m, int n, int k)
    {
        var (a, b, c) = (DenseMatrix.CreateRandom(m, k, new MathNet.Numerics.Distributions.Normal()), DenseMatrix.CreateRandom(k, n, new MathNet.Numerics.Distributions.Normal()), new DenseMatrix(m, n));
        return new("MathNet", () => a.Multiply(b, c));
    }

    private static T[] Filled<T>(int length, Philox random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = GC.AllocateArray<T>(length, pinned: true);
        random.FillUniform<T>(values);
        return values;
    }
}
