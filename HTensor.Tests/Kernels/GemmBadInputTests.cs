using System.Runtime.InteropServices;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

/// <summary>What a careless or hostile caller gives: it is refused by name, and never writes outside the destination.</summary>
public sealed class GemmBadInputTests
{
    [Fact]
    public void A_table_without_entries_is_not_a_stride_of_zero()
    {
        float[] a = new float[12], c = new float[6];
        int[] rows = [0, 2, 4], columns = [0, 1], depth = [0, 1, 2, 3];
        var b = new float[8];
        Assert.Contains("column offsets of a: expected 4, found 0", Message(() =>
            Gemm.Multiply(3, 2, 4, new MatrixOperand<float>(a, rows, []), new MatrixOperand<float>(b, 2, 1), c, 2, 1, default, ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("row offsets of b: expected 4, found 0", Message(() =>
            Gemm.Multiply(3, 2, 4, new MatrixOperand<float>(a, 4, 1), new MatrixOperand<float>(b, [], columns), c, 2, 1, default, ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("column offsets of destination: expected 2, found 0", Message(() =>
            Gemm.Multiply(3, 2, 4, new MatrixOperand<float>(a, 4, 1), new MatrixOperand<float>(b, 2, 1), c, rows, [], default, ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("keep its elements apart", Message(() =>
            Gemm.Multiply(3, 2, 4, new MatrixOperand<float>(a, 4, 1), new MatrixOperand<float>(b, 2, 1), c, [], [], default, ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("column offsets of a: expected 4, found 0", Message(() =>
            GemmBatch.Multiply(1, 3, 2, 4, new MatrixOperand<float>(a, rows, []), 0, new MatrixOperand<float>(b, 2, 1), 0, c, 6, 2, 1, default, ThreadTeam.Inline)), StringComparison.Ordinal);
        Gemm.Multiply(3, 2, 4, new MatrixOperand<float>(new float[12], rows, depth), new MatrixOperand<float>(b, 2, 1), c, rows, columns, default, ThreadTeam.Inline);
    }

    [Fact]
    public void Offsets_of_the_destination_that_coincide_are_refused_where_one_pass_shows_it()
    {
        string Found(int[] rows, int[] columns) => Message(() => Gemm.Multiply(rows.Length, columns.Length, 1, new MatrixOperand<float>(new float[9], 1, 1),
            new MatrixOperand<float>(new float[9], 1, 1), new float[100], rows, columns, default, ThreadTeam.Inline));
        Assert.Contains("found 7 twice, at row 1 and 2", Found([0, 7, 7], [0, 1]), StringComparison.Ordinal);
        Assert.Contains("found 3 twice, at column 0 and 1", Found([0, 50], [3, 3, 4]), StringComparison.Ordinal);
        Assert.Contains("destination [3, 3]: expected offsets that keep its elements apart, found 7 places", Found([0, 3, 1], [3, 0, 2]), StringComparison.Ordinal);
        Assert.Contains("found 4 and 2", Found([10, 14], [0, 2, 4]), StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_in_the_memory_of_the_destination_are_refused()
    {
        var shared = new int[40];
        var c = MemoryMarshal.Cast<int, float>(shared.AsSpan(0, 20)).Length;
        Assert.Equal(20, c);
        for (var which = 0; which < 3; which++)
        {
            var at = which;
            Assert.Contains("apart from the offsets of " + (at == 0 ? "a" : at == 1 ? "b" : "destination"), Message(() =>
            {
                ReadOnlySpan<int> inside = shared.AsSpan(18, 2), outside = new[] { 0, 2 };
                shared[19] = 2;
                var data = new float[8];
                Gemm.Multiply(2, 2, 2, new MatrixOperand<float>(data, at == 0 ? inside : outside, [0, 1]), new MatrixOperand<float>(data, at == 1 ? inside : outside, [0, 1]),
                    MemoryMarshal.Cast<int, float>(shared.AsSpan(0, 20)), at == 2 ? inside : outside, [0, 1], default, ThreadTeam.Inline);
            }), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(int.MaxValue)]
    public void A_stride_beyond_every_address_is_refused_or_of_an_axis_of_one_element_not_read(long beyond)
    {
        var stride = (nint)beyond;
        float[] a = [1, 2], b = [3, 4], c = new float[4];
        string Refused(int m, int n, nint down, nint right) => Message(() =>
            Gemm.Multiply(m, n, 1, new MatrixOperand<float>(a, 1, stride), new MatrixOperand<float>(b, stride, 1), c, down, right, default, ThreadTeam.Inline));
        Assert.Contains("expected offsets within its 4 elements", Refused(2, 2, stride, 1), StringComparison.Ordinal);
        Assert.Contains("expected offsets within its 4 elements", Refused(2, 2, 1, stride), StringComparison.Ordinal);
        Assert.Contains("expected offsets within its 4 elements", Refused(2, 2, stride, stride), StringComparison.Ordinal);
        Assert.Contains("[2, 1, 1]: expected offsets within", Message(() => GemmBatch.Multiply(2, 1, 1, 1, new MatrixOperand<float>(a, 1, 1), 1, new MatrixOperand<float>(b, 1, 1), 1, c, stride,
            1, 1, default, ThreadTeam.Inline)), StringComparison.Ordinal);
        Gemm.Multiply(1, 2, 1, new MatrixOperand<float>(a, stride, stride), new MatrixOperand<float>(b, stride, 1), c, stride, 1, default, ThreadTeam.Inline);
        Assert.Equal([3, 4, 0, 0], c);
        Gemm.Multiply(2, 1, 1, new MatrixOperand<float>(a, 1, stride), new MatrixOperand<float>(b, stride, stride), c, 2, stride, default, ThreadTeam.Inline);
        Assert.Equal([3, 4, 6, 0], c);
        GemmBatch.Multiply(1, 1, 2, 1, new MatrixOperand<float>(a, stride, stride), stride, new MatrixOperand<float>(b, stride, 1), stride, c, stride, stride, 2, default, ThreadTeam.Inline);
        Assert.Equal([3, 4, 4, 0], c);
        Gemm.Multiply(0, 2, 1, new MatrixOperand<float>(a, stride, stride), new MatrixOperand<float>(b, stride, 1), c, stride, stride, default, ThreadTeam.Inline);
    }

    [Fact]
    public void Empty_products_write_nothing_and_no_depth_writes_zeros_in_every_layout()
    {
        foreach (var (m, n) in new[] { (0, 3), (3, 0), (0, 0), (1, 5), (5, 1), (3, 4), (40, 33) })
            foreach (var accumulation in new[] { Accumulation.Overwrite, Accumulation.Add })
                foreach (var (down, right) in new[] { (n + 1, 1), (1, m + 1), (2 * n + 1, 2) })
                {
                    var c = new float[1 + Math.Max(0, (m - 1) * down) + Math.Max(0, (n - 1) * right) + 2];
                    Array.Fill(c, float.NaN);
                    Gemm.Multiply(m, n, 0, new MatrixOperand<float>([], 0, 1), new MatrixOperand<float>([], n, 1), c.AsSpan(1), down, right, accumulation, ThreadTeam.Inline);
                    Assert.Equal(accumulation == Accumulation.Overwrite ? m * n : 0, c.Count(value => value == 0));
                    for (var i = 0; i < m && accumulation == Accumulation.Overwrite; i++)
                        for (var j = 0; j < n; j++) Assert.Equal(0f, c[1 + i * down + j * right]);
                }

        float[] untouched = [float.NaN, float.NaN];
        GemmBatch.Multiply(0, 1, 1, 1, new MatrixOperand<float>([], 1, 1), 1, new MatrixOperand<float>([], 1, 1), 1, untouched, 1, 1, 1, default, ThreadTeam.Inline);
        Assert.All(untouched, value => Assert.True(float.IsNaN(value)));
    }

    /// <summary>All m, n to 40, a few depths, rows with a gap: NaN around each row must survive, and every element be its sum (small integers: exact).</summary>
    [Fact]
    public void Every_shape_to_40_writes_its_elements_and_nothing_else()
    {
        const int Gap = 3, Most = 40;
        float[] a = new float[Most * Most], b = new float[Most * Most], c = new float[(Most + Gap) * Most + 2 * Gap];
        for (var i = 0; i < a.Length; i++) (a[i], b[i]) = (i % 5 - 2, i % 7 - 3);
        for (var m = 1; m <= Most; m++)
            for (var n = 1; n <= Most; n++)
                foreach (var k in (int[])[1, 4, 7, 40])
                {
                    var right = (m + n + k) % 3 == 0;
                    Array.Fill(c, float.NaN);
                    var left = (m + n) % 2 == 0 ? new MatrixOperand<float>(a, k, 1) : new MatrixOperand<float>(a, 1, m);
                    Gemm.Multiply(m, n, k, left, new MatrixOperand<float>(b, right ? 1 : n, right ? k : 1), c.AsSpan(Gap, (m - 1) * (n + Gap) + n), n + Gap, 1, Accumulation.Overwrite, ThreadTeam.Inline);
                    for (var i = 0; i < m; i++)
                        for (var j = 0; j < n; j++)
                        {
                            float sum = 0;
                            for (var p = 0; p < k; p++) sum += a[(m + n) % 2 == 0 ? i * k + p : p * m + i] * b[right ? j * k + p : p * n + j];
                            if (c[Gap + i * (n + Gap) + j] != sum) Assert.Fail($"{m} x {n} x {k}, [{i}, {j}]: expected {sum}, found {c[Gap + i * (n + Gap) + j]}");
                        }

                    if (c.Count(float.IsNaN) != c.Length - m * n) Assert.Fail($"{m} x {n} x {k}: {c.Count(float.IsNaN)} elements stay, expected {c.Length - m * n}");
                }
    }

    /// <summary>B lies as it is read, but its last columns are packed: deeper than their buffer, they go by chunks.</summary>
    [Fact]
    public void A_depth_beyond_the_buffer_of_the_last_columns_is_summed_in_order()
    {
        const int M = 2, N = 17, K = 70_000;
        var random = new Philox(8);
        float[] a = new float[M * K], b = new float[K * N], expected = new float[M * N], found = new float[M * N];
        random.FillNormal(a, 1f);
        random.FillNormal(b, 1f);
        ReferenceGemm.Multiply<float>(M, N, K, (i, p) => a[i * K + p], (p, j) => b[p * N + j], expected, (i, j) => i * N + j, Accumulation.Overwrite);
        Gemm.Multiply(M, N, K, new MatrixOperand<float>(a, K, 1), new MatrixOperand<float>(b, N, 1), found, N, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        Assert.Equal(expected, found);
    }

    private static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
}
