using System.Numerics;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class GemmBatchTests
{
    [Theory]
    [InlineData(1, 3, 5, 7)]
    [InlineData(9, 17, 16, 18)]
    [InlineData(5, 40, 8, 12)]
    [InlineData(300, 4, 4, 4)]
    [InlineData(2, 300, 270, 260)]
    [InlineData(4, 1, 33, 20)]
    [InlineData(3, 0, 4, 4)]
    [InlineData(3, 4, 4, 0)]
    public void A_batch_has_the_bits_of_its_products(int batch, int m, int n, int k)
    {
        foreach (var threads in (int[])[1, 3])
        {
            using var team = new ThreadTeam(threads);
            foreach (var accumulation in new[] { Accumulation.Overwrite, Accumulation.Add })
            {
                Check<float>(batch, m, n, k, accumulation, team);
                Check<double>(batch, m, n, k, accumulation, team);
            }
        }
    }

    [Fact]
    public void Shared_operands_have_stride_0_and_heads_may_be_interleaved()
    {
        // C [m, batch, n]: the products side by side in each row.
        const int Batch = 3, M = 6, N = 4, K = 5;
        var random = new Philox(4);
        float[] a = new float[M * K], b = new float[Batch * K * N], c = new float[M * Batch * N];
        random.FillNormal(a, 1f);
        random.FillNormal(b, 1f);
        GemmBatch.Multiply(Batch, M, N, K, new MatrixOperand<float>(a, K, 1), 0, new MatrixOperand<float>(b, N, 1), K * N, c, N, Batch * N, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        var expected = new float[c.Length];
        for (var i = 0; i < Batch; i++)
        {
            var (product, moved) = (i, b.AsMemory(i * K * N));
            ReferenceGemm.Multiply(M, N, K, (r, p) => a[r * K + p], (p, j) => moved.Span[p * N + j], expected, (r, j) => r * Batch * N + product * N + j, Accumulation.Overwrite);
        }

        Assert.Equal(expected, c);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_named()
    {
        float[] a = new float[24], b = new float[24], c = new float[16];
        string Message(int batch, nint aStride, nint bStride, nint cStride, float[] destination) => Assert.ThrowsAny<ArgumentException>(() =>
            GemmBatch.Multiply(batch, 2, 4, 3, new MatrixOperand<float>(a, 3, 1), aStride, new MatrixOperand<float>(b, 4, 1), bStride, destination, cStride, 4, 1, default, ThreadTeam.Inline)).Message;
        Assert.Contains("a [2, 2, 3]: expected offsets within its 24 elements, found offsets from 0 to 25", Message(2, 20, 12, 8, c), StringComparison.Ordinal);
        Assert.Contains("b [3, 3, 4]", Message(3, 6, 12, 8, new float[24]), StringComparison.Ordinal);
        Assert.Contains("destination [2, 2, 4]", Message(2, 6, 12, 9, c), StringComparison.Ordinal);
        Assert.Contains("keep its elements apart, found 7, 4 and 1", Message(2, 6, 12, 7, c), StringComparison.Ordinal);
        Assert.Contains("overlap", Message(2, 6, 12, 8, a), StringComparison.Ordinal);
        Assert.Contains("found offsets from -6", Message(2, -6, 12, 8, c), StringComparison.Ordinal);
        Assert.Contains("batch", Message(-1, 6, 12, 8, c), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_allocated_once_buffers_are_there()
    {
        using var team = new ThreadTeam(2);
        float[] a = new float[40 * 200], b = new float[40 * 200], c = new float[40 * 100];
        void Once() => GemmBatch.Multiply(40, 10, 10, 20, new MatrixOperand<float>(a, 20, 1), 200, new MatrixOperand<float>(b, 10, 1), 200, c, 100, 10, 1, Accumulation.Add, team);
        for (var i = 0; i < 50; i++) Once();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 50; i++) Once();
        }));
    }

    /// <summary>With gaps of NaN between the products, which must survive.</summary>
    private static void Check<T>(int batch, int m, int n, int k, Accumulation accumulation, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (aStride, bStride, cStride) = (m * k + 3, k * n + 1, m * n + 2);
        var random = new Philox(8);
        T[] a = new T[batch * aStride], b = new T[batch * bStride], found = new T[batch * cStride];
        random.FillNormal(a, T.One);
        random.FillNormal(b, T.One);
        Array.Fill(found, T.NaN);
        for (var i = 0; i < batch; i++) found.AsSpan(i * cStride, m * n).Fill(T.One);
        var expected = (T[])found.Clone();
        for (var i = 0; i < batch; i++)
        {
            var left = new MatrixOperand<T>(a.AsSpan(i * aStride, m * k), k, 1);
            var right = new MatrixOperand<T>(b.AsSpan(i * bStride, k * n), 1, k);
            Gemm.Multiply(m, n, k, left, right, expected.AsSpan(i * cStride, m * n), n, 1, accumulation, ThreadTeam.Inline);
        }

        GemmBatch.Multiply(batch, m, n, k, new MatrixOperand<T>(a, k, 1), aStride, new MatrixOperand<T>(b, 1, k), bStride, found, cStride, n, 1, accumulation, team);
        Assert.True(expected.AsSpan().SequenceEqual(found), $"{batch} x {m} x {n} x {k}, {accumulation}");
    }
}
