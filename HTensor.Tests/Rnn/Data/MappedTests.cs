using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn.Data;

/// <summary>Frames that stay in their file.</summary>
public sealed class MappedTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bytes.npz")]
    [InlineData("floats.npz")]
    [InlineData("folder")]
    public void Mapped_frames_train_to_the_same_bits(string kind)
    {
        var path = kind switch
        {
            "bytes.npz" => Stored(SequenceFiles.Good()),
            "floats.npz" => Stored(TinySequences.Good()),
            _ => Folder(TinySequences.Good()),
        };
        string Train(FrameStorage storage)
        {
            var data = SequenceData.Load(path, storage);
            var model = SequenceClassifier.Create(new ModelOptions { InputModes = [data.FrameSize], HiddenModes = [4], Classes = data.ClassNames });
            Trainer.Fit(model, data.Train, data.Test, new TrainingOptions { Epochs = 2, BatchSize = 8, MaxThreads = 2 });
            return model.Parameters.Sha256();
        }

        Assert.Equal(Train(FrameStorage.Memory), Train(FrameStorage.Mapped));
    }

    [Fact]
    public void What_lies_behind_a_length_is_read_as_zeros()
    {
        var source = SequenceData.Load(Stored(SequenceFiles.Good()), FrameStorage.Mapped).Source;
        Assert.Equal([13, 14, 0, 0, 0, 0], source.Read(2, new byte[6]).ToArray());
        Assert.Equal([19, 20, 21, 22, 23, 24], source.Read(3, Memory<byte>.Empty).ToArray());
    }

    [Fact]
    public void What_cannot_be_mapped_is_refused()
    {
        var deflated = _folder.File("deflated");
        NpzArchive.Write(deflated, SequenceFiles.Good());
        Malformed.Refused(deflated, () => SequenceData.Load(deflated, FrameStorage.Mapped), "key 'x': expected to be stored uncompressed");
        var doubles = SequenceFiles.Good();
        doubles["x"] = NpyArray.From<double>(new double[36], 6, 3, 2);
        Malformed.Refused(_folder.File("stored"), () => SequenceData.Load(Stored(doubles), FrameStorage.Mapped), "expected uint8 or float32");
        var folder = Folder(SequenceFiles.Good());
        var x = Path.Combine(folder, "x.npy");
        File.WriteAllBytes(x, [.. File.ReadAllBytes(x)[..^1]]);
        Malformed.Refused(x, () => SequenceData.Load(folder, FrameStorage.Mapped), "elements at offset 128: expected 36 bytes", "found 35");
        File.Delete(x);
        var exception = Assert.Throws<InvalidDataException>(() => SequenceData.Load(folder, FrameStorage.Mapped));
        Assert.Equal($"{folder}: folder: expected x.npy, found none", exception.Message);
    }

    [Fact]
    public void A_set_far_larger_than_memory_is_worked_with()
    {
        // 69 GB that lie nowhere: the file is sparse.
        const int samples = 200_000, steps = 6, frame = 57_600;
        var folder = Directory.CreateDirectory(_folder.File("large")).FullName;
        NpyFile.Write(Path.Combine(folder, "x.npy"), NpyArray.From<byte>(new byte[frame * steps], 1, steps, 120, 160, 3));
        var bytes = File.ReadAllBytes(Path.Combine(folder, "x.npy"))[..128];
        "(200000, 6, 120, 160, 3), }"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("(1, 6"u8)));
        using (var stream = File.Create(Path.Combine(folder, "x.npy")))
        {
            stream.Write(bytes);
            stream.SetLength(128 + (long)samples * steps * frame);
            stream.Position = 128 + ((long)samples - 1) * steps * frame;
            stream.WriteByte(77);
        }

        NpyFile.Write(Path.Combine(folder, "y.npy"), NpyArray.From<byte>([.. Enumerable.Range(0, samples).Select(sample => (byte)(sample % 2))]));
        NpyFile.Write(Path.Combine(folder, "split.npy"), NpyArray.From<byte>([.. Enumerable.Range(0, samples).Select(sample => (byte)(sample < 10 ? 0 : 1))]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var data = SequenceData.Load(folder, FrameStorage.Mapped);
        Assert.Equal(77, data.Source.Read(samples - 1, Memory<byte>.Empty).Span[0]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 << 20);
        var model = SequenceClassifier.Create(new ModelOptions
        {
            InputModes = [8, 10, 10, 9, 8],
            HiddenModes = [4, 2, 2, 2, 2],
            InputWeights = WeightFormat.HierarchicalTucker(4, 5),
            Classes = data.ClassNames,
        });
        Trainer.Fit(model, data.Train, new SequenceSet(data.Source, new[] { samples / 2, samples - 1 }), new TrainingOptions { Epochs = 1, BatchSize = 5, MaxThreads = 2 });
    }

    private string Stored(Dictionary<string, NpyArray> arrays)
    {
        NpzArchive.Write(_folder.File("stored"), arrays, NpzCompression.Stored);
        return _folder.File("stored");
    }

    private string Folder(Dictionary<string, NpyArray> arrays)
    {
        var folder = Directory.CreateDirectory(_folder.File("arrays")).FullName;
        foreach (var (name, array) in arrays) NpyFile.Write(Path.Combine(folder, $"{name}.npy"), array);
        return folder;
    }
}
