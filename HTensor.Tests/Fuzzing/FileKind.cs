using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Onnx;
using HTensor.Rnn;
using HTensor.Tests.Rnn;

namespace HTensor.Tests.Fuzzing;

/// <summary>A kind of file: good ones to begin with, how a fault is brought behind its checksums and lengths, and what reads it.</summary>
/// <param name="Good">Writes good files into a folder.</param>
/// <param name="Inside">Mutates what an outer layer would hide.</param>
/// <param name="Read">Every reader of this kind; what it throws is judged.</param>
internal sealed record FileKind(Action<TempFolder> Good, Func<byte[], Func<byte[], byte[]>, Random, byte[]> Inside, Action<string> Read)
{
    private static readonly IMatrixFormat[] Formats =
    [
        WeightFormat.HierarchicalTucker(2, 3), WeightFormat.TensorTrain(2), WeightFormat.TensorRing(2), WeightFormat.BlockTerm(2, 2),
        WeightFormat.Tucker(2), WeightFormat.CanonicalPolyadic(2), WeightFormat.Dense,
    ];

    private static readonly SequenceSet Train = SmallTask.Set(23);

    public static FileKind Of(string name) => name switch
    {
        "npy" => new(GoodNpy, (bytes, mutate, _) => mutate(bytes), path => ReadNpy(NpyFile.Read(path))),
        "npz" => new(GoodNpz, InsideZip, ReadNpz),
        "mapped" => new(folder => NpzArchive.Write(folder.File("stored"), Rnn.Data.SequenceFiles.Good(), NpzCompression.Stored), (bytes, mutate, _) => mutate(bytes), ReadMapped),
        "csv" => new(GoodCsv, (bytes, mutate, _) => mutate(bytes), path => SequenceData.LoadCsv(path)),
        "pytorch" => new(GoodPyTorch, InsidePlainHeader, path => RecurrentImport.Safetensors(path)),
        "onnx" => new(GoodOnnx, (bytes, mutate, _) => mutate(bytes), path => OnnxImport.Load(path)),
        "keras" => new(GoodKeras, InsideZip, path => RecurrentImport.Npz(path)),
        "model" => new(GoodModels, InsideHeader, path => SequenceClassifier.Load(path)),
        "checkpoint" => new(GoodCheckpoint, InsideHeader, ReadCheckpoint),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no kind of file"),
    };

    private static void GoodNpy(TempFolder folder)
    {
        NpyFile.Write(folder.File("f4"), NpyArray.From<float>(new float[24], 2, 3, 4));
        NpyFile.Write(folder.File("u1"), NpyArray.From<byte>([1, 2, 3]));
        NpyFile.Write(folder.File("b1"), NpyArray.From<bool>([true, false]));
        NpyFile.Write(folder.File("one"), NpyArray.From<long>([7]));
        NpyFile.Write(folder.File("text"), NpyArray.FromStrings(["one", "zwölf"]));
        folder.File("fortran", NpyBytes(folder));
    }

    private static byte[] NpyBytes(TempFolder folder) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(File.ReadAllBytes(folder.File("f4"))).Replace("False", "True ", StringComparison.Ordinal));

    private static void ReadNpy(NpyArray array)
    {
        if (array.Type == NpyType.Unicode) array.Strings();
    }

    private static void GoodNpz(TempFolder folder)
    {
        NpzArchive.Write(folder.File("deflated"), Rnn.Data.SequenceFiles.Good());
        NpzArchive.Write(folder.File("stored"), Rnn.Data.SequenceFiles.Good(), NpzCompression.Stored);
        TinySequences.Write(folder.File("floats"));
    }

    private static void ReadNpz(string path)
    {
        Exception? refused = null;
        try
        {
            using var archive = NpzArchive.Open(path);
            foreach (var name in archive.Names) ReadNpy(archive.Read(name));
        }
        catch (InvalidDataException exception)
        {
            refused = exception;
        }

        SequenceData.Load(path);
        SequenceData.LoadSource(path);
        if (refused is not null) throw refused;
    }

    /// <summary>The last sample, so that what is mapped is touched to its end.</summary>
    private static void ReadMapped(string path)
    {
        var source = SequenceData.LoadSource(path, FrameStorage.Mapped);
        var bytes = source.Read(source.Count - 1, new byte[1 << 20]).Span;
        GC.KeepAlive((bytes[0], bytes[^1]));
    }

    private static void GoodCsv(TempFolder folder)
    {
        folder.File("steps", Encoding.UTF8.GetBytes("class,sequence,a,\"b\",split,group\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"c{i / 2 % 3},s{i / 2},{i},{i}.5,{(i < 20 ? "train" : "test")},g{i / 6}\n"))));
        folder.File("rows", Encoding.UTF8.GetBytes("class,t0,t1\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i % 2},{i},\n"))));
    }

    private static void GoodPyTorch(TempFolder folder)
    {
        foreach (var gates in (int[])[4, 3, 1])
        {
            SafetensorsFile.Write(folder.File($"{gates}"), new Dictionary<string, SafetensorsTensor>
            {
                ["a.weight_ih_l0"] = SafetensorsTensor.From<float>(new float[gates * 6], gates * 3, 2),
                ["a.weight_hh_l0"] = SafetensorsTensor.From<float>(new float[gates * 9], gates * 3, 3),
                ["a.bias_hh_l0"] = SafetensorsTensor.From<float>(new float[gates * 3], gates * 3),
                ["a.weight_ih_l1"] = SafetensorsTensor.From<Half>(new Half[gates * 9], gates * 3, 3),
                ["a.weight_hh_l1"] = SafetensorsTensor.From<double>(new double[gates * 9], gates * 3, 3),
            });
        }
    }

    private static void GoodOnnx(TempFolder folder)
    {
        foreach (var format in (IMatrixFormat[])[WeightFormat.HierarchicalTucker(2, 3), WeightFormat.TensorTrain(2), WeightFormat.Dense]) OnnxExport.Write(SmallTask.Model(format), folder.File(format.Name));
        // Without our options a graph is read node by node.
        var bytes = File.ReadAllBytes(folder.File("dense"));
        bytes[bytes.AsSpan().LastIndexOf("\u0007htensor\u0012"u8) + 1] = (byte)'x';
        folder.File("plain", bytes);
    }

    private static void GoodKeras(TempFolder folder)
    {
        foreach (var gates in (int[])[4, 3, 1])
        {
            NpzArchive.Write(folder.File($"{gates}"), new Dictionary<string, NpyArray>
            {
                ["a.kernel"] = NpyArray.From<float>(new float[gates * 6], 2, gates * 3),
                ["a.recurrent_kernel"] = NpyArray.From<float>(new float[gates * 9], 3, gates * 3),
                ["a.bias"] = NpyArray.From<float>(new float[gates * 6], 2, gates * 3),
            });
        }
    }

    private static void GoodModels(TempFolder folder)
    {
        foreach (var format in Formats) SmallTask.Model(format).Save(folder.File(format.Name));
    }

    private static void GoodCheckpoint(TempFolder folder) =>
        Trainer.Fit(SmallTask.Model(), Train, null, SmallTask.Options with { CheckpointPath = folder.File("checkpoint") });

    private static void ReadCheckpoint(string path)
    {
        var model = SmallTask.Model();
        var best = new ParameterSet<float>(model.Layout.Parameters);
        Checkpoint.Read(path, model, new TrainedWeights(best, null, new AdamW<float>(model.Parameters, new AdamWOptions()), null), SmallTask.Options, new TrainingSamples(Train.Count, 0, SmallTask.Steps));
    }

    /// <summary>One entry of the archive, stored anew with a right checksum.</summary>
    private static byte[] InsideZip(byte[] bytes, Func<byte[], byte[]> mutate, Random random)
    {
        using var memory = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(bytes)))
        using (var to = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            var wrong = random.Next(from.Entries.Count);
            for (var i = 0; i < from.Entries.Count; i++)
            {
                using var content = new MemoryStream();
                using (var entry = from.Entries[i].Open()) entry.CopyTo(content);
                using var written = to.CreateEntry(from.Entries[i].FullName, CompressionLevel.Fastest).Open();
                written.Write(i == wrong ? mutate(content.ToArray()) : content.ToArray());
            }
        }

        return memory.ToArray();
    }

    /// <summary>One text of the metadata, such as the model's options, in a header that is right otherwise.</summary>
    private static byte[] OtherMetadata(byte[] header, Func<byte[], byte[]> mutate, Random random)
    {
        var json = JsonNode.Parse(header)!;
        var metadata = json["__metadata__"]!.AsObject();
        var key = metadata.ElementAt(random.Next(metadata.Count)).Key;
        metadata[key] = Encoding.UTF8.GetString(mutate(Encoding.UTF8.GetBytes(metadata[key]!.GetValue<string>())));
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    /// <summary>The header of a safetensors file, with a right length in front.</summary>
    private static byte[] InsideHeader(byte[] bytes, Func<byte[], byte[]> mutate, Random random) =>
        WithHeader(bytes, header => random.Next(2) == 0 ? mutate(header) : OtherMetadata(header, mutate, random));

    private static byte[] InsidePlainHeader(byte[] bytes, Func<byte[], byte[]> mutate, Random random) => WithHeader(bytes, mutate);

    private static byte[] WithHeader(byte[] bytes, Func<byte[], byte[]> change)
    {
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var header = change(bytes[8..(8 + length)]);
        var front = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(front, (ulong)header.Length);
        return [.. front, .. header, .. bytes[(8 + length)..]];
    }
}
