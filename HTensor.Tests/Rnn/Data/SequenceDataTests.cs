using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Xunit;
using HTensor.Core;
using HTensor.Rnn;
using Xunit;

namespace HTensor.Tests.Rnn.Data;

public sealed class SequenceDataTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everything_of_a_file_arrives()
    {
        var data = SequenceData.Load(SequenceFiles.Write(_folder));
        Assert.Equal(["off", "on"], data.ClassNames);
        Assert.Equal([0, 1, 2, 3], data.TrainIndices);
        Assert.Equal([4, 5], data.TestIndices);
        Assert.Empty(data.ValidationIndices);
        Assert.Equal([2], data.FrameShape);
        Assert.Equal((6, 3, FrameElement.UInt8), (data.Source.Count, data.Source.Steps, data.Source.Element));
        Assert.Equal((1, 2), (data.Source.Label(1), data.Source.Length(1)));
        Assert.Equal([1, 2, 3, 4, 5, 6], data.Source.Read(0, default).ToArray());
    }

    [Fact]
    public void Steps_beyond_the_length_are_zeros_whatever_the_file_holds() =>
        Assert.Equal([13, 14, 0, 0, 0, 0], SequenceData.Load(SequenceFiles.Write(_folder)).Source.Read(2, default).ToArray());

    [Fact]
    public void Padding_may_be_nan()
    {
        var x = new float[36];
        x.AsSpan(2 * 6 + 2, 4).Fill(float.NaN);
        var data = SequenceData.Load(SequenceFiles.Write(_folder, "x", NpyArray.From<float>(x, 6, 3, 2)));
        Assert.Equal(new byte[24], data.Source.Read(2, default).ToArray());
    }

    [Fact]
    public void Doubles_become_floats()
    {
        var x = Enumerable.Range(0, 36).Select(i => i / 3.0).ToArray();
        var data = SequenceData.Load(SequenceFiles.Write(_folder, "x", NpyArray.From<double>(x, 6, 3, 2)));
        Assert.Equal(FrameElement.Single, data.Source.Element);
        Assert.Equal([0f, 1 / 3f, 2 / 3f, 1, 4 / 3f, 5 / 3f], MemoryMarshal.Cast<byte, float>(data.Source.Read(0, default).Span).ToArray());
    }

    [Fact]
    public void Lengths_and_names_have_defaults()
    {
        Assert.Equal(3, SequenceData.Load(SequenceFiles.Write(_folder, "lengths")).Source.Length(2));
        Assert.Equal(["0", "1"], SequenceData.Load(SequenceFiles.Write(_folder, "class_names")).ClassNames);
    }

    [Fact]
    public void A_split_of_three()
    {
        var data = SequenceData.Load(SequenceFiles.Write(_folder, "split", NpyArray.From<int>([0, 0, 1, 2, 1, 2])));
        Assert.Equal([0, 1], data.TrainIndices);
        Assert.Equal([2, 4], data.ValidationIndices);
        Assert.Equal([3, 5], data.TestIndices);
    }

    [Fact]
    public void Labels_of_any_integer_type()
    {
        int[] expected = [0, 1, 0, 1, 0, 1];
        foreach (var labels in new[]
        {
            NpyArray.From<sbyte>([0, 1, 0, 1, 0, 1]), NpyArray.From<byte>([0, 1, 0, 1, 0, 1]), NpyArray.From<short>([0, 1, 0, 1, 0, 1]),
            NpyArray.From<ushort>([0, 1, 0, 1, 0, 1]), NpyArray.From<int>([0, 1, 0, 1, 0, 1]), NpyArray.From<uint>([0, 1, 0, 1, 0, 1]),
            NpyArray.From<ulong>([0, 1, 0, 1, 0, 1]),
        })
        {
            var data = SequenceData.Load(SequenceFiles.Write(_folder, "y", labels));
            Assert.Equal(expected, Enumerable.Range(0, 6).Select(data.Source.Label));
        }
    }

    [Fact]
    public void Data_of_a_programs_own()
    {
        var source = ArraySequenceSource.FromFloats([1, 2, 3, 4, 5, 6, 7, 8], 2, [2], [0, 1], [1, 2]);
        Assert.Equal([1, 2, 0, 0], MemoryMarshal.Cast<byte, float>(source.Read(0, default).Span).ToArray());
        var data = SequenceData.Create(source, ["a", "b"], [0], [1]);
        Assert.Equal(2, data.FrameSize);
        Assert.Throws<ArgumentException>(() => SequenceData.Create(source, ["a"], [0], [1]));
        Assert.Throws<ArgumentException>(() => SequenceData.Create(source, ["a", "a"], [0], [1]));
        Assert.Throws<ArgumentException>(() => SequenceData.Create(source, ["a", "b"], [], [1]));
        Assert.Throws<ArgumentException>(() => SequenceData.Create(source, ["a", "b"], [0], [0]));
        Assert.Throws<ArgumentException>(() => SequenceData.Create(source, ["a", "b"], [0], [2]));
        Assert.Throws<ArgumentException>(() => SequenceData.Create(ArraySequenceSource.FromBytes(new byte[2], 1, [1], [0, 2]), ["a", "b"], [0], [1]));
    }

    [Fact]
    public void Arrays_of_a_programs_own_that_do_not_fit()
    {
        Assert.Throws<ArgumentException>(() => ArraySequenceSource.FromBytes(new byte[7], 2, [2], [0, 1]));
        Assert.Throws<ArgumentException>(() => ArraySequenceSource.FromBytes(new byte[8], 2, [], [0, 1]));
        Assert.Throws<ArgumentException>(() => ArraySequenceSource.FromBytes(new byte[8], 2, [0], [0, 1]));
        Assert.Throws<ArgumentException>(() => ArraySequenceSource.FromBytes(new byte[8], 2, [2], [0, -1]));
        Assert.Throws<ArgumentException>(() => ArraySequenceSource.FromBytes(new byte[8], 2, [2], [0, 1], [1]));
        Assert.Throws<ArgumentException>(() => ArraySequenceSource.FromBytes(new byte[8], 2, [2], [0, 1], [1, 3]));
        Assert.Throws<ArgumentException>(() => ArraySequenceSource.FromBytes(new byte[8], 2, [2], [0, 1], [0, 2]));
        Assert.Throws<ArgumentException>(() => ArraySequenceSource.FromBytes(new byte[8], 2, [int.MaxValue, int.MaxValue], [0, 1]));
        Assert.Throws<ArgumentException>(() => ArraySequenceSource.FromBytes(default, 2, [2], []));
        var exception = Assert.Throws<ArgumentException>(() => ArraySequenceSource.FromFloats([1, 2, 3, 4, 5, float.NaN, 7, 8], 2, [2], [0, 1]));
        Assert.Contains("sample 1, step 0, value 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_are_kept_where_their_padding_is_zero_and_copied_where_not()
    {
        var kept = new byte[] { 1, 0, 3, 4 };
        Assert.True(MemoryMarshal.TryGetArray(ArraySequenceSource.FromBytes(kept, 2, [1], [0, 1], [1, 2]).Read(0, default), out var segment));
        Assert.Same(kept, segment.Array);
        var dirty = new byte[] { 1, 9, 3, 4 };
        Assert.Equal([1, 0], ArraySequenceSource.FromBytes(dirty, 2, [1], [0, 1], [1, 2]).Read(0, default).ToArray());
        Assert.Equal(9, dirty[1]);
    }

    [Property]
    public void A_validation_cut_is_a_partition_with_the_same_part_of_each_class(NonEmptyArray<byte> classes, ulong seed)
    {
        var labels = classes.Get.Select(c => c % 3).Concat([0, 1, 2, 0, 1, 2]).ToArray();
        var source = ArraySequenceSource.FromBytes(new byte[labels.Length], 1, [1], labels);
        var data = SequenceData.Create(source, ["a", "b", "c"], Enumerable.Range(0, labels.Length).ToArray(), []);
        var cut = data.SplitValidation(0.3, seed);
        Assert.Equal(data.TrainIndices, cut.TrainIndices.Concat(cut.ValidationIndices).Order());
        Assert.Equal(cut.ValidationIndices.Order(), cut.ValidationIndices);
        for (var c = 0; c < 3; c++)
        {
            var all = labels.Count(label => label == c);
            Assert.InRange(cut.ValidationIndices.Count(i => labels[i] == c), 0.3 * all - 0.5, 0.3 * all + 0.5);
        }

        Assert.Equal(cut.ValidationIndices, data.SplitValidation(0.3, seed).ValidationIndices);
    }

    [Fact]
    public void A_validation_cut_depends_on_its_seed_and_leaves_a_sample_of_each_class()
    {
        var labels = Enumerable.Range(0, 100).Select(i => i % 2).ToArray();
        var source = ArraySequenceSource.FromBytes(new byte[100], 1, [1], labels);
        var data = SequenceData.Create(source, ["a", "b"], Enumerable.Range(0, 90).ToArray(), Enumerable.Range(90, 10).ToArray());
        Assert.NotEqual(data.SplitValidation(0.2, 1).ValidationIndices, data.SplitValidation(0.2, 2).ValidationIndices);
        Assert.Equal(2, data.SplitValidation(0.999, 1).TrainIndices.Length);
        Assert.Equal(data.TestIndices, data.SplitValidation(0.2, 1).TestIndices);
        Assert.Throws<ArgumentException>(() => data.SplitValidation(0.001, 1));
        Assert.Throws<InvalidOperationException>(() => data.SplitValidation(0.2, 1).SplitValidation(0.2, 1));
        foreach (var fraction in new[] { 0, 1, -1, double.NaN })
            Assert.Throws<ArgumentOutOfRangeException>(() => data.SplitValidation(fraction, 1));
    }

    [Theory]
    [InlineData("basicmotions.npz", 40, 40, 4, new[] { 6 })]
    [InlineData("fsdd_logmel64.npz", 2700, 300, 10, new[] { 64 })]
    [InlineData("grid_s1_digits.npz", 800, 200, 10, new[] { 36, 48, 3 })]
    [InlineData("japanesevowels.npz", 270, 370, 9, new[] { 12 })]
    [InlineData("mnist10k.npz", 8000, 2000, 10, new[] { 28 })]
    [InlineData("surv_fight_160x120_sub96.npz", 64, 32, 2, new[] { 120, 160, 3 })]
    public void Real_data_loads(string file, int train, int test, int classes, int[] frame)
    {
        var data = SequenceData.Load(SharedData.Require(file));
        Assert.Equal((train, test, classes), (data.TrainIndices.Length, data.TestIndices.Length, data.ClassNames.Length));
        Assert.Equal(frame, data.FrameShape);
    }

    [Theory]
    [InlineData("poly_jsb_chorales.npz")]
    [InlineData("poly_nottingham.npz")]
    [InlineData("poly_piano_midi.npz")]
    [InlineData("tinyshakespeare.npz")]
    [InlineData("ckpt_textgenrnn.npz")]
    public void Real_files_that_are_no_labelled_sequences_are_refused(string file)
    {
        var path = SharedData.Require(file);
        var exception = Assert.Throws<InvalidDataException>(() => SequenceData.Load(path));
        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
    }
}
