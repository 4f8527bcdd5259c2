using HTensor.Core;
using HTensor.Kernels;

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
