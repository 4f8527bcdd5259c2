using HTensor.Core;
using HTensor.Kernels;
using HTensor.Tests.Core.IO;

namespace HTensor.Tests.Core.Decomposition;

public sealed class StorageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TensorFormat.HierarchicalTucker)]
    [InlineData(TensorFormat.TensorTrain)]
    [InlineData(TensorFormat.Tucker)]
    public void A_file_is_decomposed_stored_loaded_and_brought_back(TensorFormat format)
    {
        int[] sizes = [6, 5, 4, 3];
        var values = TensorOracle.Reciprocals(sizes);
        NpyFile.Write(_folder.In("x.npy"), NpyArray.From<double>(values, sizes));
        NpyFile.Write(_folder.In("f.npy"), NpyArray.From<float>([.. values.Select(value => (float)value)], sizes));
        foreach (var file in (string[])["x.npy", "f.npy"])
        {
            var made = DecomposedTensor.Decompose(_folder.In(file), format, Truncation.Relative(1e-4));
            made.Save(_folder.In("t.safetensors"));
            var loaded = DecomposedTensor.Load(_folder.In("t.safetensors"));
            Assert.Equal((format, made.StoredNumbers, made.Type), (loaded.Format, loaded.StoredNumbers, loaded.Type));
            Assert.Equal(made.Report!.Ranks, loaded.Report!.Ranks);
            Assert.Equal(made.Report.ErrorUpperBound, loaded.Report.ErrorUpperBound);
            loaded.WriteDense(_folder.In("y.npy"));
            var error = loaded.ErrorAgainst(_folder.In(file));
            Assert.InRange(error, made.Report.ErrorLowerBound, made.Report.ErrorUpperBound);
            Assert.True(error <= 1e-4 * made.Report.Norm);
            var back = NpyFile.Read(_folder.In("y.npy"));
            Assert.Equal(sizes, back.Shape);
            double[] entries = back.Type == NpyType.Single ? [.. back.As<float>().ToArray().Select(value => (double)value)] : back.As<double>().ToArray();
            Assert.Equal(error, TensorOracle.Distance(values, entries), 1e-6 * made.Report.Norm);
        }
    }

    [Theory]
    [InlineData("<f8")]
    [InlineData("<f4")]
    public void A_file_in_Fortran_order_is_the_same_tensor(string descr)
    {
        int[] sizes = [3, 4, 2, 5];
        var values = TensorOracle.Noise(sizes, 4);
        var data = new byte[values.Length * (descr == "<f8" ? 8 : 4)];
        for (var to = 0; to < values.Length; to++)
        {
            // The first index runs fastest.
            var (i, j, k, l) = (to % 3, to / 3 % 4, to / 12 % 2, to / 24);
            var value = values[((i * 4 + j) * 2 + k) * 5 + l];
            if (descr == "<f8") BitConverter.TryWriteBytes(data.AsSpan(8 * to), value);
            else BitConverter.TryWriteBytes(data.AsSpan(4 * to), (float)value);
        }

        File.WriteAllBytes(_folder.In("f.npy"), NpyBytes.Make(NpyBytes.Header(descr, "(3, 4, 2, 5)", "True"), data));
        var made = DecomposedTensor.Decompose(_folder.In("f.npy"), TensorFormat.HierarchicalTucker, Truncation.Relative(1e-6), DimensionTree.Parse("((2,0),(1,3))", 4));
        Assert.Equal(sizes, made.ModeSizes);
        Assert.True(made.ErrorAgainst(_folder.In("f.npy")) <= 1e-6 * made.Report!.Norm);
        made.WriteDense(_folder.In("back.npy"));
        var back = NpyFile.Read(_folder.In("back.npy"));
        double[] entries = back.Type == NpyType.Single ? [.. back.As<float>().ToArray().Select(value => (double)value)] : back.As<double>().ToArray();
        Assert.True(TensorOracle.Distance(values, entries) <= 1e-6 * TensorOracle.Norm(values));
    }

    [Theory]
    [InlineData(1e-2)]
    [InlineData(1e-8)]
    [InlineData(1e-12)]
    public void A_file_is_read_three_times_at_most(double tolerance)
    {
        int[] sizes = [30, 30, 30, 30];
        foreach (var values in (double[][])[TensorOracle.Reciprocals(sizes), TensorOracle.Sines(sizes), Kinks(sizes)])
        {
            NpyFile.Write(_folder.In("x.npy"), NpyArray.From<double>(values, sizes));
            var read = new Elements();
            DecomposedTensor.Decompose(_folder.In("x.npy"), TensorFormat.HierarchicalTucker, Truncation.Relative(tolerance), null, new DecompositionOptions { ElementsRead = read });
            Assert.InRange(read.Count, values.Length, 3L * values.Length);
        }
    }

    [Fact]
    public void What_is_cancelled_ends_before_the_next_block_and_leaves_nothing()
    {
        int[] sizes = [40, 40, 40, 40];
        NpyFile.Write(_folder.In("x.npy"), NpyArray.From<double>(TensorOracle.Reciprocals(sizes), sizes));
        using var cancellation = new CancellationTokenSource();
        var options = new DecompositionOptions { Cancellation = cancellation.Token, ElementsRead = new Elements { At = count => cancellation.Cancel() } };
        Assert.Throws<OperationCanceledException>(() => DecomposedTensor.Decompose(_folder.In("x.npy"), TensorFormat.Tucker, Truncation.Relative(1e-3), null, options));
        var made = DecomposedTensor.Decompose(_folder.In("x.npy"), TensorFormat.Tucker, Truncation.Relative(1e-3));
        Assert.Throws<OperationCanceledException>(() => made.ErrorAgainst(_folder.In("x.npy"), options));
        Assert.Throws<OperationCanceledException>(() => made.WriteDense(_folder.In("y.npy"), options));
        Assert.Equal(["x.npy"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    /// <summary>|i_0 + ... - c|: more ranks than a sketch has columns.</summary>
    private static double[] Kinks(int[] sizes) => [.. TensorOracle.Reciprocals(sizes).Select(value => Math.Abs(1 / value - 50.3))];

    private sealed class Elements : IProgress<long>
    {
        public long Count { get; private set; }

        public Action<long>? At { get; init; }

        public void Report(long value)
        {
            Assert.True(value > Count);
            Count = value;
            At?.Invoke(value);
        }
    }

    [Fact]
    public void Slabs_of_any_size_make_the_tensor()
    {
        int[] sizes = [3, 4, 2, 5];
        var values = TensorOracle.Noise(sizes, 2);
        var (tucker, _) = Hsvd.Decompose<double>(values, sizes, Truncation.Exact, DimensionTree.Parse("((2,0),(3,1))", 4));
        var (train, _) = TensorTrainSvd.Decompose<double>(values, sizes, Truncation.Exact);
        var (core, _) = SequentialHosvd.Decompose<double>(values, sizes, Truncation.Exact);
        foreach (var most in (int[])[1, 5, 12, 40, 1000])
        {
            var slabs = IndexRange.Slabs(sizes, most).ToArray();
            foreach (var found in (double[][])[
                [.. slabs.SelectMany(ranges => DenseSlab.Of(tucker, ranges, ThreadTeam.Inline))],
                [.. slabs.SelectMany(ranges => DenseSlab.Of(train, ranges, ThreadTeam.Inline))],
                [.. slabs.SelectMany(ranges => DenseSlab.Of(core, ranges, ThreadTeam.Inline))]])
            {
                Assert.True(TensorOracle.Distance(values, found) < 1e-13);
            }
        }
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        NpyFile.Write(_folder.In("x.npy"), NpyArray.From<double>(TensorOracle.Reciprocals([4, 3, 2]), 4, 3, 2));
        DecomposedTensor.Decompose(_folder.In("x.npy"), TensorFormat.HierarchicalTucker, Truncation.Relative(1e-3)).Save(_folder.In("t"));
        foreach (var (name, open) in new (string, Action<string>)[] { ("t", path => DecomposedTensor.Load(path)), ("x.npy", path => DecomposedTensor.Decompose(path, TensorFormat.HierarchicalTucker, Truncation.Exact)) })
        {
            var bytes = File.ReadAllBytes(_folder.In(name));
            for (var length = 0; length < bytes.Length; length += 1 + length / 20)
            {
                File.WriteAllBytes(_folder.In("cut"), bytes[..length]);
                Assert.Throws<InvalidDataException>(() => open(_folder.In("cut")));
            }
        }
    }

    [Fact]
    public void What_a_file_says_wrongly_is_named()
    {
        NpyFile.Write(_folder.In("x.npy"), NpyArray.From<double>(TensorOracle.Reciprocals([4, 3, 2]), 4, 3, 2));
        DecomposedTensor.Decompose(_folder.In("x.npy"), TensorFormat.HierarchicalTucker, Truncation.Relative(1e-3)).Save(_folder.In("t"));
        Refused("tensor.tree", "((0,1),1)", "found mode 1 2 times");
        Refused("tensor.modes", "4,3", "expected modes 0 to 1, found mode 2");
        Refused("tensor.modes", "4,0,2", "expected whole numbers of at least 1");
        Refused("tensor.modes", "4,3,7", "node {2}: expected a core [7, 2] of 14 numbers, found 4");
        Refused("tensor.format", "htt", "expected ht, tt or tucker, found 'htt'");
        Refused("tensor.version", "9", "expected 1, found 9");
        Refused("tensor.norm", "NaN", "expected a finite one, found 'NaN'");

        void Refused(string key, string value, string message)
        {
            var file = SafetensorsFile.Read(_folder.In("t"));
            SafetensorsFile.Write(_folder.In("wrong"), file.Tensors, new Dictionary<string, string>(file.Metadata) { [key] = value });
            Assert.Contains(message, Assert.Throws<InvalidDataException>(() => DecomposedTensor.Load(_folder.In("wrong"))).Message, StringComparison.Ordinal);
        }
    }
}
