using System.Numerics;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class GemmTests
{
    private static readonly int[] SmallSizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 15, 16, 17, 20, 24, 31, 32, 33];

    /// <summary>How an operand lies: as it is, as its transpose, with gaps, or through tables in a random order.</summary>
    public enum Layout
    {
        RowMajor,
        ColumnMajor,
        Strided,
        Gathered,
    }

    [Fact]
    public void Every_small_size_is_the_triple_loop_bit_for_bit()
    {
        foreach (var m in SmallSizes)
            foreach (var n in SmallSizes)
                foreach (var k in SmallSizes)
                {
                    var layout = (Layout)((m + n + k) % 4);
                    Check<float>(m, n, k, layout, (Layout)((m + 2 * n) % 4), (Layout)((n + k) % 4), (Accumulation)((m + k) % 2), ThreadTeam.Inline);
                }
    }

    [Theory]
    [InlineData(Layout.RowMajor)]
    [InlineData(Layout.ColumnMajor)]
    public void Small_products_of_whole_rows_are_the_triple_loop_bit_for_bit(Layout a)
    {
        foreach (var m in (int[])[1, 2, 3, 7, 12, 16, 17, 31, 32, 65, 128, 129])
            for (var n = 1; n <= 70; n += n < 36 ? 1 : 11)
                foreach (var k in (int[])[1, 5, 33])
                {
                    var accumulation = (Accumulation)((m + n) % 2);
                    Check<float>(m, n, k, a, Layout.RowMajor, Layout.RowMajor, accumulation, ThreadTeam.Inline);
                    Check<double>(m, n, k, a, Layout.RowMajor, Layout.RowMajor, 1 - accumulation, ThreadTeam.Inline);
                }

        Check<float>(128, 61, 383, a, Layout.RowMajor, Layout.RowMajor, Accumulation.Overwrite, ThreadTeam.Inline);
        Check<float>(61, 48, 385, a, Layout.RowMajor, Layout.RowMajor, Accumulation.Add, ThreadTeam.Inline);
    }

    /// <summary>Rows of 4 KB put each other out of a first-level cache and are packed; the others are read where they lie.</summary>
    [Theory]
    [InlineData(300, 250, 384)]
    [InlineData(97, 271, 500)]
    [InlineData(40, 1024, 150)]
    [InlineData(200, 96, 1024)]
    public void Rows_one_behind_the_other_are_the_triple_loop_bit_for_bit(int m, int n, int k)
    {
        var random = new Philox(3);
        float[] a = new float[m * k], b = new float[k * n], expected = new float[m * n], found = new float[m * n];
        random.FillNormal(a, 1f);
        random.FillNormal(b, 1f);
        ReferenceGemm.Multiply<float>(m, n, k, (i, p) => a[i * k + p], (p, j) => b[p * n + j], expected, (i, j) => i * n + j, Accumulation.Overwrite);
        using var team = new ThreadTeam(2);
        Gemm.Multiply(m, n, k, new MatrixOperand<float>(a, k, 1), new MatrixOperand<float>(b, n, 1), found, n, 1, Accumulation.Overwrite, team);
        Assert.Equal(expected, found);
    }

    [Theory]
    [CombinatorialLayouts]
    public void Every_layout_is_the_triple_loop_bit_for_bit(Layout a, Layout b, Layout c)
    {
        foreach (var (m, n, k) in new[] { (5, 7, 3), (13, 33, 40), (49, 47, 70), (61, 100, 18), (1, 40, 30), (40, 1, 30), (2, 200, 300), (200, 4, 9) })
        {
            Check<float>(m, n, k, a, b, c, Accumulation.Add, ThreadTeam.Inline);
            Check<double>(m, n, k, a, b, c, Accumulation.Overwrite, ThreadTeam.Inline);
        }
    }

    [Theory]
    [InlineData(48, 64, 256)]
    [InlineData(47, 65, 257)]
    [InlineData(97, 95, 255)]
    [InlineData(25, 129, 513)]
    [InlineData(145, 31, 768)]
    [InlineData(24, 600, 260)]
    [InlineData(3, 3000, 80)]
    [InlineData(1500, 5, 17)]
    public void Sizes_around_the_blocks_are_the_triple_loop_bit_for_bit(int m, int n, int k)
    {
        using var team = new ThreadTeam(2);
        foreach (var accumulation in new[] { Accumulation.Overwrite, Accumulation.Add })
        {
            Check<float>(m, n, k, Layout.RowMajor, Layout.RowMajor, Layout.RowMajor, accumulation, team);
            Check<float>(m, n, k, Layout.ColumnMajor, Layout.ColumnMajor, Layout.RowMajor, accumulation, team);
            Check<double>(m, n, k, Layout.Gathered, Layout.Gathered, Layout.ColumnMajor, accumulation, team);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(20)]
    public void Narrow_products_are_the_triple_loop_bit_for_bit(int n)
    {
        using var team = new ThreadTeam(2);
        foreach (var m in (int[])[8, 31, 32, 33, 40, 47, 101])
            foreach (var k in (int[])[3, 4, 5, 6, 7, 8, 18, 36, 128, 129])
            {
                var accumulation = (Accumulation)((m + k) % 2);
                Check<float>(m, n, k, Layout.RowMajor, (Layout)(k % 4), Layout.RowMajor, accumulation, team);
                Check<double>(m, n, k, Layout.RowMajor, (Layout)(m % 4), Layout.RowMajor, accumulation, team);
                NarrowWidths<float>(m, n, k);
                NarrowWidths<double>(m, n, k);
            }

        // Several pieces of rows.
        Check<float>(30_011, n, 18, Layout.RowMajor, Layout.RowMajor, Layout.RowMajor, Accumulation.Add, team);
    }

    [Fact]
    public void A_depth_of_several_chunks_and_several_column_chunks_is_summed_in_order()
    {
        // 4 MB of packed B: 6,000 columns of float need three chunks of columns, each of them three of the depth.
        Check<float>(26, 6_000, 1000, Layout.RowMajor, Layout.RowMajor, Layout.RowMajor, Accumulation.Add, ThreadTeam.Inline);
    }

    [Fact]
    public void Bits_are_the_same_on_any_number_of_threads()
    {
        const int M = 301, N = 1070, K = 1130;
        var random = new Philox(21);
        float[] a = new float[M * K], b = new float[K * N];
        random.FillNormal(a, 1f);
        random.FillNormal(b, 1f);
        var expected = new float[M * N];
        Gemm.Multiply(M, N, K, new MatrixOperand<float>(a, K, 1), new MatrixOperand<float>(b, N, 1), expected, N, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        foreach (var size in new[] { 2, 4, 8 })
        {
            using var team = new ThreadTeam(size);
            var found = new float[M * N];
            Gemm.Multiply(M, N, K, new MatrixOperand<float>(a, K, 1), new MatrixOperand<float>(b, N, 1), found, N, 1, Accumulation.Overwrite, team);
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void Bits_are_the_same_at_every_width()
    {
        foreach (var (m, n, k) in new[] { (13, 37, 29), (61, 70, 300), (7, 4, 12), (100, 8, 8), (30, 130, 64) })
        {
            Widths<float>(m, n, k);
            Widths<double>(m, n, k);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(17, 16)]
    [InlineData(130, 1030)]
    [InlineData(65, 2100)]
    public void Matrix_times_vector_is_within_the_rounding_of_its_sum(int m, int k)
    {
        var random = new Philox(5);
        float[] a = new float[m * k], x = new float[k];
        random.FillNormal(a, 1f);
        random.FillNormal(x, 1f);
        var y = new float[m];
        y.AsSpan().Fill(2);
        var transposed = new float[m];
        Gemm.Multiply(m, 1, k, new MatrixOperand<float>(a, k, 1), new MatrixOperand<float>(x, 1, 1), y, 1, 1, Accumulation.Add, ThreadTeam.Inline);
        Gemm.Multiply(1, m, k, new MatrixOperand<float>(x, 1, 1), new MatrixOperand<float>(a, 1, k), transposed, m, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        for (var i = 0; i < m; i++)
        {
            double sum = 0, size = 2;
            for (var p = 0; p < k; p++)
            {
                sum += (double)a[i * k + p] * x[p];
                size += Math.Abs((double)a[i * k + p] * x[p]);
            }

            Assert.InRange(y[i] - (sum + 2), -size * 1e-6, size * 1e-6);
            Assert.InRange(transposed[i] - sum, -size * 1e-6, size * 1e-6);
        }
    }

    [Fact]
    public void Matrix_times_vector_has_the_same_bits_at_every_width()
    {
        foreach (var k in new[] { 1, 15, 16, 17, 100, 1024, 1041, 3000 })
        {
            Vectors<float>(9, k);
            Vectors<double>(9, k);
        }
    }

    [Fact]
    public void Old_values_do_not_matter_to_overwrite_and_no_depth_gives_zeros()
    {
        float[] a = [1, 2, 3, 4], c = [float.NaN, float.NaN, float.NaN, float.NaN];
        Gemm.Multiply(2, 2, 2, new MatrixOperand<float>(a, 2, 1), new MatrixOperand<float>(a, 1, 2), c, 2, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        Assert.Equal([5, 11, 11, 25], c);
        Gemm.Multiply(2, 2, 0, new MatrixOperand<float>([], 0, 1), new MatrixOperand<float>([], 2, 1), c, 2, 1, Accumulation.Add, ThreadTeam.Inline);
        Assert.Equal([5, 11, 11, 25], c);
        Gemm.Multiply(2, 2, 0, new MatrixOperand<float>([], 0, 1), new MatrixOperand<float>([], 2, 1), c, 2, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        Assert.Equal([0, 0, 0, 0], c);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_named()
    {
        var team = ThreadTeam.Inline;
        var shared = new float[100];
        string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.Contains("a [3, 4]: expected offsets within its 11 elements, found offsets from 0 to 11", Message(() =>
            Gemm.Multiply(3, 2, 4, new MatrixOperand<float>(new float[11], 4, 1), new MatrixOperand<float>(new float[8], 2, 1), new float[6], 2, 1, default, team)), StringComparison.Ordinal);
        Assert.Contains("b [4, 2]", Message(() =>
            Gemm.Multiply(3, 2, 4, new MatrixOperand<float>(new float[12], 4, 1), new MatrixOperand<float>(new float[8], 3, 1), new float[6], 2, 1, default, team)), StringComparison.Ordinal);
        Assert.Contains("destination [3, 2]", Message(() =>
            Gemm.Multiply(3, 2, 4, new MatrixOperand<float>(new float[12], 4, 1), new MatrixOperand<float>(new float[8], 2, 1), new float[5], 2, 1, default, team)), StringComparison.Ordinal);
        Assert.Contains("found offsets from -4", Message(() =>
            Gemm.Multiply(3, 2, 4, new MatrixOperand<float>(new float[12], -2, 1), new MatrixOperand<float>(new float[8], 2, 1), new float[6], 2, 1, default, team)), StringComparison.Ordinal);
        Assert.Contains("overlap", Message(() =>
            Gemm.Multiply(3, 2, 4, new MatrixOperand<float>(shared.AsSpan(0, 12), 4, 1), new MatrixOperand<float>(new float[8], 2, 1), shared.AsSpan(11), 2, 1, default, team)), StringComparison.Ordinal);
        Assert.Contains("row offsets of a: expected 3, found 2", Message(() =>
            Gemm.Multiply(3, 2, 1, new MatrixOperand<float>(new float[12], [0, 4], [0]), new MatrixOperand<float>(new float[8], 2, 1), new float[6], 2, 1, default, team)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Gemm.Multiply(-1, 2, 4, new MatrixOperand<float>(new float[12], 4, 1), new MatrixOperand<float>(new float[8], 2, 1), new float[6], 2, 1, default, team));
        Assert.Contains("keep its elements apart", Message(() =>
            Gemm.Multiply(3, 2, 4, new MatrixOperand<float>(new float[12], 4, 1), new MatrixOperand<float>(new float[8], 2, 1), new float[6], 0, 1, default, team)), StringComparison.Ordinal);
    }

    /// <summary>Against the set of all offsets.</summary>
    [Fact]
    public void A_destination_whose_elements_coincide_is_refused()
    {
        foreach (var (m, n) in new[] { (1, 1), (1, 3), (3, 1), (2, 2), (2, 3), (3, 5), (4, 4) })
            for (var rowStride = 0; rowStride <= 9; rowStride++)
                for (var columnStride = 0; columnStride <= 9; columnStride++)
                {
                    var c = new float[100];
                    Array.Fill(c, float.NaN);
                    void Multiply() => Gemm.Multiply(m, n, 1, new MatrixOperand<float>(new float[m], 1, 1), new MatrixOperand<float>(new float[n], n, 1), c,
                        rowStride, columnStride, Accumulation.Overwrite, ThreadTeam.Inline);
                    var offsets = Enumerable.Range(0, m * n).Select(i => i / n * rowStride + i % n * columnStride).ToHashSet();
                    if (offsets.Count < m * n)
                    {
                        Assert.Contains("keep its elements apart", Assert.Throws<ArgumentException>(Multiply).Message, StringComparison.Ordinal);
                        continue;
                    }

                    Multiply();
                    Assert.Equal(m * n, c.Count(value => value == 0));
                    Assert.All(offsets, at => Assert.Equal(0f, c[at]));
                }
    }

    [Fact]
    public void A_stride_beyond_every_address_is_refused()
    {
        var a = new float[12];
        Assert.Contains("expected offsets within its 12 elements", Assert.Throws<ArgumentException>(() => Gemm.Multiply(3, 2, 4,
            new MatrixOperand<float>(a, nint.MaxValue, 1), new MatrixOperand<float>(new float[8], 2, 1), new float[6], 2, 1, default, ThreadTeam.Inline)).Message, StringComparison.Ordinal);
        Assert.Contains("expected offsets within its 6 elements", Assert.Throws<ArgumentException>(() => Gemm.Multiply(3, 2, 4,
            new MatrixOperand<float>(a, 4, 1), new MatrixOperand<float>(new float[8], 2, 1), new float[6], nint.MinValue + 1, 1, default, ThreadTeam.Inline)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_allocated_once_buffers_are_there()
    {
        using var team = new ThreadTeam(2);
        float[] a = new float[200 * 300], b = new float[300 * 150], c = new float[200 * 150];
        void Once()
        {
            Gemm.Multiply(200, 150, 300, new MatrixOperand<float>(a, 300, 1), new MatrixOperand<float>(b, 150, 1), c, 150, 1, Accumulation.Add, team);
            Gemm.Multiply(8, 16, 20, new MatrixOperand<float>(a, 20, 1), new MatrixOperand<float>(b, 16, 1), c, 16, 1, Accumulation.Add, team);
            Gemm.Multiply(200, 1, 300, new MatrixOperand<float>(a, 300, 1), new MatrixOperand<float>(b, 1, 1), c, 1, 1, Accumulation.Add, team);
        }

        for (var i = 0; i < 50; i++) Once();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 50; i++) Once();
        }));
    }

    private static unsafe void Widths<T>(int m, int n, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Philox(3);
        T[] a = new T[m * k], b = new T[k * n];
        random.FillNormal(a, T.One);
        random.FillNormal(b, T.One);
        var results = new T[4][];
        for (var width = 0; width < 4; width++)
        {
            results[width] = new T[m * n];
            fixed (T* pa = a, pb = b, pc = results[width])
            {
                var problem = Problem(m, n, k, pa, pb, pc);
                if (width == 0) GemmRun<SimdScalar<T>, T>.Run(problem, ThreadTeam.Inline);
                if (width == 1) GemmRun<Simd128<T>, T>.Run(problem, ThreadTeam.Inline);
                if (width == 2) GemmRun<Simd256<T>, T>.Run(problem, ThreadTeam.Inline);
                if (width == 3) GemmRun<Simd512<T>, T>.Run(problem, ThreadTeam.Inline);
            }
        }

        for (var width = 1; width < 4; width++) Assert.Equal(results[0], results[width]);
    }

    private static void NarrowWidths<T>(int m, int n, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NarrowWidth<Simd128<T>, T>(m, n, k);
        NarrowWidth<Simd256<T>, T>(m, n, k);
        NarrowWidth<Simd512<T>, T>(m, n, k);
    }

    /// <summary>All rows but the last few, which it leaves and must not touch.</summary>
    private static unsafe void NarrowWidth<V, T>(int m, int n, int k)
        where V : unmanaged, IQuads<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Philox(3);
        T[] a = new T[m * k], b = new T[k * n], expected = new T[m * n], found = new T[m * n];
        random.FillNormal(a, T.One);
        random.FillNormal(b, T.One);
        Array.Fill(found, T.NaN);
        ReferenceGemm.Multiply(m, n, k, (i, p) => a[i * k + p], (p, j) => b[p * n + j], expected, (i, j) => i * n + j, Accumulation.Overwrite);
        fixed (T* pa = a, pb = b, pc = found)
        {
            var problem = Problem(m, n, k, pa, pb, pc);
            if (!NarrowRun<V, T>.Fits(problem)) return;
            NarrowRun<V, T>.Run(ref problem, ThreadTeam.Inline);
            Assert.InRange(problem.M, 0, 2 * V.Quads - 1);
            expected.AsSpan((m - problem.M) * n).Fill(T.NaN);
        }

        Assert.Equal(expected, found);
    }

    private static unsafe void Vectors<T>(int m, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Philox(3);
        T[] a = new T[m * k], b = new T[k];
        random.FillNormal(a, T.One);
        random.FillNormal(b, T.One);
        var results = new T[4][];
        for (var width = 0; width < 4; width++)
        {
            results[width] = new T[m];
            fixed (T* pa = a, pb = b, pc = results[width])
            {
                var problem = Problem(m, 1, k, pa, pb, pc);
                if (width == 0) MatrixVectorRun<SimdScalar<T>, T>.Run(problem, ThreadTeam.Inline);
                if (width == 1) MatrixVectorRun<Simd128<T>, T>.Run(problem, ThreadTeam.Inline);
                if (width == 2) MatrixVectorRun<Simd256<T>, T>.Run(problem, ThreadTeam.Inline);
                if (width == 3) MatrixVectorRun<Simd512<T>, T>.Run(problem, ThreadTeam.Inline);
            }
        }

        for (var width = 1; width < 4; width++) Assert.Equal(results[0], results[width]);
    }

    private static unsafe GemmProblem<T> Problem<T>(int m, int n, int k, T* a, T* b, T* c)
        where T : unmanaged
    {
        var problem = new GemmProblem<T> { M = m, N = n, K = k, Accumulation = Accumulation.Overwrite };
        problem.A.Set(a, k, 1, m, k);
        problem.B.Set(b, n, 1, k, n);
        problem.C.Set(c, n, 1, m, n);
        return problem;
    }

    /// <summary>One product against the oracle, with NaN all around the destination's elements that must survive.</summary>
    private static void Check<T>(int m, int n, int k, Layout la, Layout lb, Layout lc, Accumulation accumulation, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Philox((ulong)(m * 1_000_003 + n * 1009 + k));
        var a = new Laid(la, m, k, random);
        var b = new Laid(lb, k, n, random);
        var c = new Laid(lc, m, n, random);
        var (aData, bData) = (new T[a.Length], new T[b.Length]);
        random.FillNormal(aData, T.One);
        random.FillNormal(bData, T.One);
        var expected = new T[c.Length];
        Array.Fill(expected, T.NaN);
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++) expected[c.At(i, j)] = accumulation == Accumulation.Add ? T.CreateTruncating(i - j) : T.NaN;
        }

        var found = expected.ToArray();
        ReferenceGemm.Multiply(m, n, k, (i, p) => aData[a.At(i, p)], (p, j) => bData[b.At(p, j)], expected, c.At, accumulation);
        if (lc == Layout.Gathered) Gemm.Multiply(m, n, k, a.View(aData), b.View(bData), found.AsSpan(), c.Rows, c.Columns, accumulation, team);
        else Gemm.Multiply(m, n, k, a.View(aData), b.View(bData), found.AsSpan(), c.RowStride, c.ColumnStride, accumulation, team);
        if (m == 1 || n == 1) AssertNear(expected, found, k);
        else Assert.True(expected.AsSpan().SequenceEqual(found), $"{m} x {n} x {k}, {la} {lb} {lc}, {accumulation}");
    }

    private static void AssertNear<T>(T[] expected, T[] found, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tolerance = 64.0 * (k + 1) * (typeof(T) == typeof(float) ? 6e-8 : 1.2e-16);
        for (var i = 0; i < expected.Length; i++)
        {
            if (T.IsNaN(expected[i])) Assert.True(T.IsNaN(found[i]));
            else Assert.InRange(double.CreateTruncating(found[i] - expected[i]), -tolerance, tolerance);
        }
    }

    private sealed class Laid
    {
        public Laid(Layout layout, int rows, int columns, Philox random)
        {
            (RowStride, ColumnStride) = layout switch
            {
                Layout.ColumnMajor => (1, rows + 2),
                Layout.Strided => (2 * columns + 3, 2),
                _ => (columns + 1, 1),
            };
            Rows = new int[rows];
            Columns = new int[columns];
            var offset = layout == Layout.Gathered ? 5 : 0;
            for (var i = 0; i < rows; i++) Rows[i] = i * RowStride + offset;
            for (var j = 0; j < columns; j++) Columns[j] = j * ColumnStride;
            if (layout == Layout.Gathered)
            {
                random.Shuffle(Rows);
                random.Shuffle(Columns);
            }

            Gathered = layout == Layout.Gathered;
            Length = offset + Math.Max(0, (rows - 1) * RowStride) + Math.Max(0, (columns - 1) * ColumnStride) + 1;
        }

        public int RowStride { get; }

        public int ColumnStride { get; }

        public int[] Rows { get; }

        public int[] Columns { get; }

        public int Length { get; }

        private bool Gathered { get; }

        public int At(int i, int j) => Rows[i] + Columns[j];

        public MatrixOperand<T> View<T>(T[] data) => Gathered ? new(data, Rows, Columns) : new(data, RowStride, ColumnStride);
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class CombinatorialLayoutsAttribute : Xunit.v3.DataAttribute
    {
        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker)
        {
            var rows = new List<ITheoryDataRow>();
            foreach (var a in Enum.GetValues<Layout>())
                foreach (var b in Enum.GetValues<Layout>())
                    foreach (var c in Enum.GetValues<Layout>())
                        rows.Add(new TheoryDataRow<Layout, Layout, Layout>(a, b, c));
            return new(rows);
        }

        public override bool SupportsDiscoveryEnumeration() => true;
    }
}
