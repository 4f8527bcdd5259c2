using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Tests.Kernels;

/// <summary>The lane kernels against triple loops with the documented order of summation, bit for bit, at every register width.</summary>
public sealed class LaneProductTests
{
    private const int Width = LaneBlock.Width;

    /// <summary>Registers that a driver may choose; 0 is the public entry.</summary>
    public static TheoryData<int> Widths => [0, 1, 128, 256, 512];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_small_size_is_the_triple_loop_bit_for_bit(int bits)
    {
        for (var rows = 1; rows <= 9; rows++)
        {
            for (var depth = 1; depth <= 9; depth++)
            {
                for (var columns = 1; columns <= 9; columns++)
                {
                    Check<float>(bits, rows, depth, columns);
                    if ((rows + depth + columns) % 3 == 0) Check<double>(bits, rows, depth, columns);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Larger_sizes_are_the_triple_loop_bit_for_bit(int bits)
    {
        (int Rows, int Depth, int Columns)[] sizes =
            [(1, 40, 16), (1, 7, 17), (1, 3, 31), (1, 5, 33), (2, 9, 24), (3, 50, 13), (7, 1, 40), (8, 36, 20), (11, 90, 10), (100, 4, 4), (101, 8, 8), (37, 64, 5), (700, 3, 2), (5, 0, 3), (0, 3, 3), (3, 3, 0)];
        foreach (var (rows, depth, columns) in sizes)
        {
            Check<float>(bits, rows, depth, columns);
            Check<double>(bits, rows, depth, columns);
        }
    }

    [Fact]
    public void Packing_sets_columns_in_panels_of_four_with_zeros_behind_the_last()
    {
        float[] weights = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        var packed = new float[LaneProduct.PackedLength(2, 6) + 1];
        Array.Fill(packed, float.NaN);
        LaneProduct.Pack(new MatrixOperand<float>(weights, 6, 1), 2, 6, packed);
        Assert.Equal([1, 2, 3, 4, 7, 8, 9, 10, 5, 6, 0, 0, 11, 12, 0, 0, float.NaN], packed);
        LaneProduct.Pack(new MatrixOperand<float>(weights, 6, 1).Transposed, 4, 2, packed);
        Assert.Equal([1, 7, 0, 0, 2, 8, 0, 0, 3, 9, 0, 0, 4, 10, 0, 0, float.NaN], packed);
        LaneProduct.Pack(new MatrixOperand<float>(weights, [11, 0], [0, -5, 0]), 1, 1, packed);
        Assert.Equal([12, 0, 0, 0], packed[..4]);
        LaneProduct.Pack(new MatrixOperand<float>(weights, [6, 1], [5, 0, 3]), 2, 3, packed);
        Assert.Equal([12, 7, 10, 0, 7, 2, 5, 0], packed[..8]);
    }

    [Fact]
    public void Packing_of_any_view_is_element_by_element()
    {
        var random = new Philox(12);
        for (var depth = 0; depth <= 13; depth++)
        {
            for (var columns = 0; columns <= 37; columns++)
            {
                CheckPack(depth, columns, [.. Enumerable.Range(0, 2000).Select(i => (float)i)], random);
                CheckPack(depth, columns, [.. Enumerable.Range(0, 2000).Select(i => (double)i)], random);
            }
        }
    }

    [Fact]
    public void Lanes_are_summed_as_a_tree()
    {
        for (var length = 0; length <= 40; length++)
        {
            var random = new Philox((ulong)length);
            var blocks = new float[length * Width + 5];
            random.FillNormal<float>(blocks, 1);
            var sums = new float[length + 2];
            Array.Fill(sums, float.NaN);
            LaneProduct.SumLanes<float>(blocks, sums.AsSpan(1, length));
            Assert.True(float.IsNaN(sums[0]) && float.IsNaN(sums[^1]));
            for (var i = 0; i < length; i++)
            {
                var block = blocks.AsSpan(i * Width, Width).ToArray();
                for (var half = Width / 2; half > 0; half /= 2) block = [.. Enumerable.Range(0, half).Select(lane => block[lane] + block[lane + half])];
                Assert.Equal(block[0], sums[1 + i]);
            }
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_named()
    {
        float[] two = new float[2 * Width], packed = new float[LaneProduct.PackedLength(2, 3)];
        string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        void Multiply(int[] rowIn, int[] depthIn, int[] rowOut, int[] columnOut, int packedLength = 8) =>
            LaneProduct.Multiply<float>(packed.AsSpan(0, packedLength), two, rowIn, depthIn, two.ToArray(), rowOut, columnOut, Accumulation.Overwrite);
        void Gradient(int[] rowIn, int[] depthIn, int[] rowOut, int[] columnOut, int length = 2 * Width) =>
            LaneProduct.WeightGradient<float>(two, rowIn, depthIn, two, rowOut, columnOut, new float[length]);

        Multiply([0], [0, 1], [0], [0, 1]);
        Assert.Contains("packed: expected at least 8 elements, found 7", Message(() => Multiply([0], [0, 1], [0], [0, 1], 7)), StringComparison.Ordinal);
        Assert.Contains("row tables: expected equal lengths, found 1 and 2", Message(() => Multiply([0], [0, 1], [0, 1], [0])), StringComparison.Ordinal);
        Assert.Contains("input: offset tables reach blocks 0 to 2, found 2 blocks", Message(() => Multiply([0, 1], [0, 1], [0, 1], [0])), StringComparison.Ordinal);
        Assert.Contains("output: offset tables reach blocks 1 to 2, found 2 blocks", Message(() => Multiply([0], [0, 1], [1], [0, 1])), StringComparison.Ordinal);
        Assert.Contains("input: offset tables reach blocks -1 to 0", Message(() => Multiply([-1], [0, 1], [0], [0])), StringComparison.Ordinal);
        Gradient([0], [0, 1], [0], [0]);
        Assert.Contains("gradient: expected at least 32 elements, found 31", Message(() => Gradient([0], [0, 1], [0], [0], 31)), StringComparison.Ordinal);
        Assert.Contains("input: offset tables", Message(() => Gradient([1], [0, 1], [0], [0])), StringComparison.Ordinal);
        Assert.Contains("outputGradient: offset tables", Message(() => Gradient([0], [0, 1], [2], [0])), StringComparison.Ordinal);
        Assert.Contains("blocks: expected at least 48 elements, found 32", Message(() => LaneProduct.SumLanes<float>(two, new float[3])), StringComparison.Ordinal);
        Assert.Contains("packed: expected at least 16 elements, found 15", Message(() => LaneProduct.Pack(new MatrixOperand<float>(two, 5, 1), 2, 5, new float[15])), StringComparison.Ordinal);
        Assert.Contains("weights: [2, 5] reaches elements 0 to 34, found 32 elements", Message(() => LaneProduct.Pack(new MatrixOperand<float>(two, 30, 1), 2, 5, new float[16])), StringComparison.Ordinal);
        Assert.Contains("weights: [2, 2] reaches elements -1 to 1, found 32 elements", Message(() => LaneProduct.Pack(new MatrixOperand<float>(two, 1, -1), 2, 2, new float[16])), StringComparison.Ordinal);
        Assert.Contains("weights: expected an offset table of 3 entries, found 2", Message(() => LaneProduct.Pack(new MatrixOperand<float>(two, [0, 1], [0]), 3, 1, new float[16])), StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => LaneProduct.Multiply<Half>(new Half[8], new Half[Width], [0], [0], new Half[Width], [0], [0], Accumulation.Overwrite));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var lanes = new float[12 * Width];
        var packed = new float[LaneProduct.PackedLength(3, 5)];
        int[] rows = [0, 1], depth = [0, 4, 2], columns = [0, 2, 4, 6, 8];
        void Once()
        {
            LaneProduct.Multiply<float>(packed, lanes, rows, depth, lanes, rows, columns, Accumulation.Add);
            LaneProduct.WeightGradient<float>(lanes, rows, depth, lanes, rows, columns, new Span<float>(Gradient));
            LaneProduct.SumLanes<float>(Gradient, packed.AsSpan(0, 15));
        }

        Once();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 10; i++) Once();
        }));
    }

    private static readonly float[] Gradient = new float[15 * Width];

    private static void Check<T>(int bits, int rows, int depth, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Philox((ulong)(rows * 10_007 + depth * 101 + columns));
        var (input, output) = (new Grid(rows, depth, random), new Grid(rows, columns, random));
        T[] x = input.Fill<T>(random), y = output.Fill<T>(random), weights = new T[depth * columns];
        random.FillNormal(weights, T.One);
        var packed = new T[LaneProduct.PackedLength(depth, columns)];
        LaneProduct.Pack(new MatrixOperand<T>(weights, columns, 1), depth, columns, packed);
        foreach (var accumulation in Enum.GetValues<Accumulation>())
        {
            var expected = y.ToArray();
            ReferenceMultiply(weights, x, input, expected, output, accumulation);
            var found = y.ToArray();
            if (accumulation == Accumulation.Overwrite) output.Each(at => found.AsSpan(at, Width).Fill(T.NaN));
            Multiply(bits, packed, x, input, found, output, accumulation);
            Assert.True(SameBits(expected, found), $"{typeof(T).Name} multiply at {bits} bits: {rows} rows, {depth} deep, {columns} columns, {accumulation}");
        }

        var gradient = new T[depth * columns * Width + 2 * Width];
        random.FillNormal(gradient, T.One);
        gradient.AsSpan(0, Width).Fill(T.NaN);
        gradient.AsSpan(gradient.Length - Width).Fill(T.NaN);
        var reference = gradient.ToArray();
        ReferenceGradient(x, input, y, output, reference.AsSpan(Width));
        WeightGradient(bits, x, input, y, output, gradient.AsSpan(Width, depth * columns * Width));
        Assert.True(SameBits(reference, gradient), $"{typeof(T).Name} gradient at {bits} bits: {rows} rows, {depth} deep, {columns} columns");
    }

    /// <summary>Rows together, columns together, columns in groups of eight that stand apart, and neither.</summary>
    private static void CheckPack<T>(int depth, int columns, T[] data, Philox random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] rows = [.. Enumerable.Range(0, depth).Select(k => 41 * k + 1)], groups = [.. Enumerable.Range(0, columns).Select(n => n % 8 + n / 8 * 97)], any = [.. Enumerable.Range(0, columns)];
        random.Shuffle(any);
        Same(new MatrixOperand<T>(data, 1, 43), (k, n) => k + 43 * n);
        Same(new MatrixOperand<T>(data, 50, 1), (k, n) => 50 * k + n);
        Same(new MatrixOperand<T>(data, 3, 45), (k, n) => 3 * k + 45 * n);
        if (depth == 0 || columns == 0) return;
        Same(new MatrixOperand<T>(data, rows, groups), (k, n) => rows[k] + groups[n]);
        Same(new MatrixOperand<T>(data, rows, any), (k, n) => rows[k] + any[n]);

        void Same(MatrixOperand<T> operand, Func<int, int, int> at)
        {
            var expected = new List<T>();
            for (var first = 0; first < columns; first += 4)
            {
                for (var k = 0; k < depth; k++)
                {
                    for (var n = first; n < first + 4; n++) expected.Add(n < columns ? data[at(k, n)] : T.Zero);
                }
            }

            var packed = new T[expected.Count + 3];
            Array.Fill(packed, T.NaN);
            LaneProduct.Pack(operand, depth, columns, packed);
            Assert.Equal([.. expected, T.NaN, T.NaN, T.NaN], packed);
        }
    }

    private static void ReferenceMultiply<T>(T[] weights, T[] x, Grid input, T[] y, Grid output, Accumulation accumulation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var r = 0; r < output.Rows.Length; r++)
        {
            for (var n = 0; n < output.Columns.Length; n++)
            {
                for (var lane = 0; lane < Width; lane++)
                {
                    var sum = T.Zero;
                    for (var k = 0; k < input.Columns.Length; k++) sum = T.FusedMultiplyAdd(weights[k * output.Columns.Length + n], x[input.At(r, k) + lane], sum);
                    ref var entry = ref y[output.At(r, n) + lane];
                    entry = accumulation == Accumulation.Add ? entry + sum : sum;
                }
            }
        }
    }

    private static void ReferenceGradient<T>(T[] x, Grid input, T[] dy, Grid output, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var k = 0; k < input.Columns.Length; k++)
        {
            for (var n = 0; n < output.Columns.Length; n++)
            {
                for (var lane = 0; lane < Width; lane++)
                {
                    ref var entry = ref gradient[(k * output.Columns.Length + n) * Width + lane];
                    for (var r = 0; r < input.Rows.Length; r++) entry = T.FusedMultiplyAdd(x[input.At(r, k) + lane], dy[output.At(r, n) + lane], entry);
                }
            }
        }
    }

    private static unsafe void Multiply<T>(int bits, T[] packed, T[] x, Grid input, T[] y, Grid output, Accumulation accumulation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (bits == 0)
        {
            LaneProduct.Multiply<T>(packed, x, input.Rows, input.Columns, y, output.Rows, output.Columns, accumulation);
            return;
        }

        var add = accumulation == Accumulation.Add;
        fixed (T* w = packed, px = x, py = y)
        fixed (int* ri = input.Rows, ki = input.Columns, ro = output.Rows, no = output.Columns)
        {
            var (rows, depth, columns) = (input.Rows.Length, input.Columns.Length, output.Columns.Length);
            if (bits == 1) LaneProductTiles<SimdScalar<T>, T>.Multiply(w, px, ri, rows, ki, depth, py, ro, no, columns, add);
            if (bits == 128) LaneProductTiles<Simd128<T>, T>.Multiply(w, px, ri, rows, ki, depth, py, ro, no, columns, add);
            if (bits == 256) LaneProductTiles<Simd256<T>, T>.Multiply(w, px, ri, rows, ki, depth, py, ro, no, columns, add);
            if (bits == 512) LaneProductTiles<Simd512<T>, T>.Multiply(w, px, ri, rows, ki, depth, py, ro, no, columns, add);
        }
    }

    private static unsafe void WeightGradient<T>(int bits, T[] x, Grid input, T[] dy, Grid output, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (bits == 0)
        {
            LaneProduct.WeightGradient<T>(x, input.Rows, input.Columns, dy, output.Rows, output.Columns, gradient);
            return;
        }

        fixed (T* px = x, py = dy, dw = gradient)
        fixed (int* ri = input.Rows, ki = input.Columns, ro = output.Rows, no = output.Columns)
        {
            var (rows, depth, columns) = (input.Rows.Length, input.Columns.Length, output.Columns.Length);
            if (bits == 1) LaneGradientTiles<SimdScalar<T>, T>.Run(px, ri, rows, ki, depth, py, ro, no, columns, dw);
            if (bits == 128) LaneGradientTiles<Simd128<T>, T>.Run(px, ri, rows, ki, depth, py, ro, no, columns, dw);
            if (bits == 256) LaneGradientTiles<Simd256<T>, T>.Run(px, ri, rows, ki, depth, py, ro, no, columns, dw);
            if (bits == 512) LaneGradientTiles<Simd512<T>, T>.Run(px, ri, rows, ki, depth, py, ro, no, columns, dw);
        }
    }

    private static bool SameBits<T>(T[] left, T[] right)
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(left).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(right));

    /// <summary>Blocks of a [rows, columns] grid in a random order, with blocks of NaN before, between and behind them.</summary>
    private sealed class Grid
    {
        public Grid(int rows, int columns, Philox random)
        {
            var gap = 1 + random.NextInt32(2);
            Rows = [.. Enumerable.Range(0, rows).Select(r => 2 + r * (columns + 1) * gap)];
            Columns = [.. Enumerable.Range(0, columns).Select(c => c * gap - 1)];
            random.Shuffle(Rows);
            random.Shuffle(Columns);
            Blocks = 4 + rows * (columns + 1) * gap;
        }

        public int[] Rows { get; }

        public int[] Columns { get; }

        private int Blocks { get; }

        public int At(int row, int column) => (Rows[row] + Columns[column]) * Width;

        public void Each(Action<int> block)
        {
            for (var r = 0; r < Rows.Length; r++)
            {
                for (var c = 0; c < Columns.Length; c++) block(At(r, c));
            }
        }

        public T[] Fill<T>(Philox random)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var data = new T[Blocks * Width];
            Array.Fill(data, T.NaN);
            Each(at => random.FillNormal(data.AsSpan(at, Width), T.One));
            return data;
        }
    }
}
