using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Samples;

/// <summary>A hash for each kernel, over inputs drawn by Philox: "kernel element hash". Sizes leave tails at every register width and edges in every tile.</summary>
internal sealed class KernelBits<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Odd = 1237;
    private const int Width = LaneBlock.Width;

    private readonly BitHash _hash = new();
    private readonly Philox _random = new(2026);
    private readonly ThreadTeam _team;

    private KernelBits(int threads) => _team = new ThreadTeam(threads);

    public static IEnumerable<string> Lines(int threads)
    {
        using var bits = new KernelBits<T>(threads);
        foreach (var (name, hash) in bits.All()) yield return $"{name} {typeof(T).Name} {hash}";
    }

    public void Dispose()
    {
        _hash.Dispose();
        _team.Dispose();
    }

    private IEnumerable<(string Name, string Hash)> All() =>
    [
        ("philox", Drawn()),
        ("exp", Function(Functions.Exp)),
        ("log", Function(Functions.Log)),
        ("tanh", Function(Functions.Tanh)),
        ("sigmoid", Function(Functions.Sigmoid)),
        ("scalar-functions", Scalars()),
        ("lstm-forward", LstmForward()),
        ("lstm-backward", LstmBackward()),
        ("gemm-small", Product(7, 9, 12)),
        ("gemm-skinny", Product(301, 12, 18)),
        ("gemm-deep", Product(67, 75, 801)),
        ("gemm-gathered", GatheredProduct(33, 29, 400)),
        ("matrix-vector", Product(61, 1, 433)),
        ("vector-matrix", Product(1, 61, 433)),
        ("lane-unpack", Unpack()),
        ("lane-bias", Bias()),
        ("lane-product", LaneMultiply()),
        ("lane-weight-gradient", LaneWeightGradient()),
        ("softmax-cross-entropy", Softmax()),
        ("adamw", AdamW()),
        ("momentum-sgd", MomentumSgd()),
        ("sum-of-squares", Squares()),
        ("gru-forward", GruForward()),
        ("gru-backward", GruBackward()),
        ("rnn-cell", Rnn()),
        ("gemm-narrow", NarrowProducts()),
        ("gemm-batch", BatchedProducts()),
        ("row-softmax", Rows()),
        ("qr", Orthogonal()),
        ("svd", SingularValues()),
        ("symmetric-eigen", Eigenvalues()),
        ("thin-products", ThinProducts()),
        ("gemm-in-place", ProductsInPlace()),
        ("gram", GramMatrices()),
    ];

    private T[] Normals(int count, double deviation = 1)
    {
        var values = new T[count];
        _random.FillNormal(values, T.CreateTruncating(deviation));
        return values;
    }

    /// <summary>Numbers of every size, and those that IEEE 754 treats apart.</summary>
    private T[] Wide()
    {
        var values = Normals(Odd, 4);
        for (var i = 0; i < values.Length; i += 3) values[i] = T.ScaleB(values[i], _random.NextInt32(300) - 150);
        T[] special = [T.Zero, T.NegativeZero, T.One, T.Epsilon, T.PositiveInfinity, T.NegativeInfinity];
        special.CopyTo(values, 5);
        return values;
    }

    private string Drawn()
    {
        var uniform = new T[Odd];
        _random.FillUniform<T>(uniform);
        return _hash.Add<T>(uniform).Add<T>(Normals(Odd)).End();
    }

    private string Function(Action<ReadOnlySpan<T>, Span<T>> function)
    {
        var (source, destination) = (Wide(), new T[Odd]);
        function(source, destination);
        // The bits of a NaN are no number's: processors choose its sign.
        foreach (ref var value in destination.AsSpan())
            if (T.IsNaN(value)) value = T.Zero;
        return _hash.Add<T>(destination).End();
    }

    private string Scalars()
    {
        foreach (var x in Normals(200, 3))
        {
            _hash.Add<T>([ScalarFunctions.Exp(x), ScalarFunctions.Log(T.Abs(x)), ScalarFunctions.Tanh(x)]);
            _hash.Add<T>([ScalarFunctions.Sigmoid(x), ScalarFunctions.Sin(x), ScalarFunctions.Cos(x)]);
        }

        return _hash.End();
    }

    private string LstmForward()
    {
        var (i, f, g, o, before) = (Normals(Odd), Normals(Odd), Normals(Odd), Normals(Odd), Normals(Odd));
        var (cell, hidden) = (new T[Odd], new T[Odd]);
        LstmCell.Forward<T>(i, f, g, o, before, cell, hidden);
        return _hash.Add<T>(i).Add<T>(f).Add<T>(g).Add<T>(o).Add<T>(cell).Add<T>(hidden).End();
    }

    private string LstmBackward()
    {
        var (i, f, g, o) = (Normals(Odd), Normals(Odd), Normals(Odd), Normals(Odd));
        var (before, cell, hidden, cellGradient) = (Normals(Odd), Normals(Odd), Normals(Odd), Normals(Odd));
        var (di, df, dg, d0) = (new T[Odd], new T[Odd], new T[Odd], new T[Odd]);
        LstmCell.Backward<T>(i, f, g, o, before, cell, hidden, cellGradient, di, df, dg, d0);
        return _hash.Add<T>(cellGradient).Add<T>(di).Add<T>(df).Add<T>(dg).Add<T>(d0).End();
    }

    private string GruForward()
    {
        var (r, z, q, n, before, hidden) = (Normals(Odd), Normals(Odd), Normals(Odd), Normals(Odd), Normals(Odd), new T[Odd]);
        GruCell.Forward<T>(r, z, q, n, before, hidden);
        _hash.Add<T>(r).Add<T>(z).Add<T>(n).Add<T>(hidden);
        GruCell.ForwardReset<T>(r, z, before, hidden);
        _hash.Add<T>(hidden);
        GruCell.ForwardCandidate<T>(z, n, before, hidden);
        return _hash.Add<T>(r).Add<T>(z).Add<T>(n).Add<T>(hidden).End();
    }

    private string GruBackward()
    {
        var (r, z, q, n, before, gradient) = (Normals(Odd), Normals(Odd), Normals(Odd), Normals(Odd), Normals(Odd), Normals(Odd));
        var (dr, dz, dq, dn) = (new T[Odd], new T[Odd], new T[Odd], new T[Odd]);
        GruCell.Backward<T>(r, z, q, n, before, gradient, dr, dz, dq, dn);
        _hash.Add<T>(gradient).Add<T>(dr).Add<T>(dz).Add<T>(dq).Add<T>(dn);
        GruCell.BackwardCandidate<T>(z, n, before, gradient, dz, dn);
        GruCell.BackwardReset<T>(r, before, dq, gradient, dr);
        return _hash.Add<T>(gradient).Add<T>(dr).Add<T>(dz).Add<T>(dn).End();
    }

    private string Rnn()
    {
        var (hidden, gradient) = (Normals(Odd), new T[Odd]);
        RnnCell.Forward<T>(hidden);
        RnnCell.Backward<T>(hidden, Normals(Odd), gradient);
        return _hash.Add<T>(hidden).Add<T>(gradient).End();
    }

    private string Product(int m, int n, int k)
    {
        var (a, b, c) = (Normals(m * k), Normals(k * n), Normals(m * n));
        Gemm.Multiply(m, n, k, new MatrixOperand<T>(a, k, 1), new MatrixOperand<T>(b, n, 1), c, n, 1, Accumulation.Add, _team);
        _hash.Add<T>(c);
        Gemm.Multiply(m, n, k, new MatrixOperand<T>(a, 1, m), new MatrixOperand<T>(b, 1, k), c, n, 1, Accumulation.Overwrite, _team);
        return _hash.Add<T>(c).End();
    }

    private string GatheredProduct(int m, int n, int k)
    {
        var (a, b, c) = (Normals(m * k), Normals(k * n), new T[m * n]);
        var left = new MatrixOperand<T>(a, Offsets(m, k), Offsets(k, 1));
        Gemm.Multiply(m, n, k, left, new MatrixOperand<T>(b, n, 1), c, Offsets(m, n), Offsets(n, 1), Accumulation.Overwrite, _team);
        return _hash.Add<T>(c).End();
    }

    /// <summary>0 to count - 1 times a stride, shuffled.</summary>
    private int[] Offsets(int count, int stride)
    {
        int[] offsets = [.. Enumerable.Range(0, count).Select(i => i * stride)];
        _random.Shuffle(offsets);
        return offsets;
    }

    private string Unpack()
    {
        const int Channels = 3, First = 4, Values = 117;
        var bytes = new byte[(First + Values) * sizeof(float) * Width];
        foreach (ref var value in bytes.AsSpan()) value = (byte)_random.NextInt32(256);
        // Floats of any bits but an exponent of ones: no NaN.
        for (var i = 3; i < bytes.Length; i += 4) bytes[i] &= 0b1011_1111;
        int[] lanes = [.. Offsets(Width - 1, (First + Values) * sizeof(float)), -1];
        var (scale, shift, destination) = (Normals(Channels), Normals(Channels), new T[Values * Width]);
        LaneUnpack.Bytes<T>(bytes, lanes, First, Values, scale, shift, destination);
        _hash.Add<T>(destination);
        LaneUnpack.Floats<T>(bytes, lanes, First, Values, scale, shift, destination);
        return _hash.Add<T>(destination).End();
    }

    private string Bias()
    {
        const int Rows = 21;
        var (x, y) = (Normals(Rows * Width), new T[Rows * Width]);
        LaneBias.Add<T>(x, Normals(Rows), y);
        LaneBias.Accumulate<T>(y, x);
        var sums = new T[Rows];
        LaneProduct.SumLanes<T>(x, sums);
        return _hash.Add<T>(x).Add<T>(y).Add<T>(sums).End();
    }

    private string LaneMultiply()
    {
        const int Rows = 13, Depth = 37, Columns = 11;
        var (w, x, y) = (Normals(Depth * Columns), Normals(Rows * Depth * Width), Normals(Rows * Columns * Width));
        var packed = new T[LaneProduct.PackedLength(Depth, Columns)];
        LaneProduct.Pack(new MatrixOperand<T>(w, Columns, 1), Depth, Columns, packed);
        foreach (var accumulation in new[] { Accumulation.Add, Accumulation.Overwrite })
        {
            LaneProduct.Multiply<T>(packed, x, Offsets(Rows, Depth), Offsets(Depth, 1), y, Offsets(Rows, Columns), Offsets(Columns, 1), accumulation);
            _hash.Add<T>(y);
        }

        return _hash.End();
    }

    private string LaneWeightGradient()
    {
        const int Rows = 29, Depth = 13, Columns = 7;
        var (x, dy, gradient, sums) = (Normals(Rows * Depth * Width), Normals(Rows * Columns * Width), Normals(Depth * Columns * Width), new T[Depth * Columns]);
        LaneProduct.WeightGradient<T>(x, Offsets(Rows, Depth), Offsets(Depth, 1), dy, Offsets(Rows, Columns), Offsets(Columns, 1), gradient);
        LaneProduct.SumLanes<T>(gradient, sums);
        return _hash.Add<T>(gradient).Add<T>(sums).End();
    }

    private string Softmax()
    {
        const int Classes = 11;
        var (logits, losses, gradient) = (Normals(Classes * Width, 3), new T[Width], new T[Classes * Width]);
        int[] labels = [.. Enumerable.Range(0, Width).Select(lane => lane % Classes - 1)];
        SoftmaxCrossEntropy.Forward<T>(logits, labels, logits, losses);
        SoftmaxCrossEntropy.Backward<T>(logits, labels, T.CreateTruncating(1.0 / 15), gradient);
        return _hash.Add<T>(logits).Add<T>(losses).Add<T>(gradient).End();
    }

    private string AdamW()
    {
        var (p, m, v) = (Normals(Odd), new T[Odd], new T[Odd]);
        for (var step = 1; step <= 3; step++)
            AdamWStep.Apply(p, Normals(Odd), m, v, AdamWFactors<T>.Of(0.9, 0.999, 0.9 / step, 0.999 / step, 1e-8, 1e-3, 0.1, 0.7));
        return _hash.Add<T>(p).Add<T>(m).Add<T>(v).End();
    }

    private string MomentumSgd()
    {
        var (p, velocity) = (Normals(Odd), Normals(Odd));
        MomentumSgdStep.Apply(p, Normals(Odd), velocity, MomentumSgdFactors<T>.Of(0.9, 1e-2, 1e-4, 0.3));
        return _hash.Add<T>(p).Add<T>(velocity).End();
    }

    private string Squares()
    {
        for (var length = 0; length < 70; length++) _hash.Add<T>([SumOfSquares.Of<T>(Normals(length))]);
        return _hash.Add<T>([SumOfSquares.Of<T>(Normals(Odd))]).End();
    }

    private string NarrowProducts()
    {
        foreach (var n in (int[])[4, 8, 12, 16, 20])
        {
            var (a, b, c) = (Normals(77 * 19), Normals(19 * n), Normals(77 * n));
            Gemm.Multiply(77, n, 19, new MatrixOperand<T>(a, 19, 1), new MatrixOperand<T>(b, n, 1), c, n, 1, Accumulation.Add, _team);
            _hash.Add<T>(c);
        }

        return _hash.End();
    }

    /// <summary>Numbers of its own: it shifts no later kernel's.</summary>
    private string ProductsInPlace()
    {
        var random = new Philox(2027);
        foreach (var (m, n, k) in ((int, int, int)[])[(4, 4, 4), (17, 17, 17), (33, 29, 40), (100, 60, 70), (130, 257, 384)])
        {
            var (a, b, c) = (new T[m * k], new T[k * n], new T[m * n]);
            random.FillNormal(a, T.One);
            random.FillNormal(b, T.One);
            Gemm.Multiply(m, n, k, new MatrixOperand<T>(a, k, 1), new MatrixOperand<T>(b, n, 1), c, n, 1, Accumulation.Overwrite, _team);
            _hash.Add<T>(c);
            Gemm.Multiply(m, n, k, new MatrixOperand<T>(a, 1, m), new MatrixOperand<T>(b, n, 1), c, n, 1, Accumulation.Overwrite, _team);
            _hash.Add<T>(c);
        }

        return _hash.End();
    }

    private string BatchedProducts()
    {
        const int Batch = 11, M = 13, N = 9, K = 21;
        var (a, b, c) = (Normals(Batch * M * K), Normals(K * N), new T[Batch * M * N]);
        GemmBatch.Multiply(Batch, M, N, K, new MatrixOperand<T>(a, K, 1), M * K, new MatrixOperand<T>(b, N, 1), 0, c, M * N, N, 1, Accumulation.Overwrite, _team);
        return _hash.Add<T>(c).End();
    }

    private string Orthogonal()
    {
        foreach (var (rows, columns) in ((int, int)[])[(37, 21), (21, 37), (90, 75), (5000, 9)])
        {
            var (k, a) = (int.Min(rows, columns), Normals(rows * columns));
            var (q, r, l) = (new T[rows * k], new T[k * columns], new T[rows * k]);
            Qr.Factor(rows, columns, new MatrixOperand<T>(a, columns, 1), q, r, _team);
            _hash.Add<T>(q).Add<T>(r);
            Qr.Factor(rows, columns, new MatrixOperand<T>(a, columns, 1), [], r, _team);
            Lq.Factor(rows, columns, new MatrixOperand<T>(a, Offsets(rows, columns), Offsets(columns, 1)), l, [], _team);
            _hash.Add<T>(r).Add<T>(l);
        }

        return _hash.End();
    }

    private string GramMatrices()
    {
        foreach (var (n, k) in ((int, int)[])[(5, 3), (23, 75), (40, 501)])
        {
            var (a, c) = (Normals(n * k), new T[n * n]);
            GramMatrix.Multiply(n, k, new MatrixOperand<T>(a, k, 1), c);
            _hash.Add<T>(c);
            GramMatrix.Multiply(n, k, new MatrixOperand<T>(a, 1, n), c);
            _hash.Add<T>(c);
            if (k < n) continue;
            T[] r = new T[n * n], inverse = new T[n * n];
            CholeskyQr.Factor(k, n, new MatrixOperand<T>(a, n, 1), r, inverse, 1);
            _hash.Add<T>(r).Add<T>(inverse);
        }

        return _hash.End();
    }

    private string SingularValues()
    {
        foreach (var (rows, columns) in ((int, int)[])[(23, 23), (75, 75), (61, 20), (7, 5000)])
        {
            var (k, a) = (int.Min(rows, columns), Normals(rows * columns));
            var (u, values, vt) = (new T[rows * k], new T[k], new T[k * columns]);
            Svd.Factor(rows, columns, new MatrixOperand<T>(a, columns, 1), u, values, vt, _team);
            _hash.Add<T>(u).Add<T>(values).Add<T>(vt);
        }

        return _hash.End();
    }

    private string Eigenvalues()
    {
        foreach (var n in (int[])[3, 40, 75])
        {
            var (values, vectors) = (new T[n], new T[n * n]);
            SymmetricEigen.Factor(n, new MatrixOperand<T>(Normals(n * n), n, 1), values, vectors, _team);
            _hash.Add<T>(values).Add<T>(vectors);
        }

        return _hash.End();
    }

    private string ThinProducts()
    {
        foreach (var (rows, columns, k) in ((int, int, int)[])[(37, 21, 3), (50, 531, 24)])
        {
            var (q, a, c, sums) = (Normals(rows * k), Normals(rows * columns), new PanelMatrix<T>(k, columns), new T[columns]);
            ThinProjection.Add<T>(rows, columns, q, a, columns, c, _team);
            ThinResidual.AddSquares<T>(rows, columns, q, c, a, columns, sums, _team);
            var product = new T[k * columns];
            c.CopyTo(product);
            _hash.Add<T>(product).Add<T>(sums);
        }

        return _hash.End();
    }

    private string Rows()
    {
        foreach (var columns in (int[])[3, 16, 37])
        {
            var (x, sums) = (Normals(5 * columns, 3), new T[5]);
            RowSoftmax.LogSumExp<T>(x, columns, sums);
            RowSoftmax.Softmax<T>(x, columns, x);
            _hash.Add<T>(x).Add<T>(sums);
        }

        return _hash.End();
    }
}
