using System.Buffers.Binary;
using System.Text;
using FsCheck.Xunit;
using HTensor.Core;
using Xunit;

namespace HTensor.Tests.Core.IO;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_the_bytes_that_the_reference_writes()
    {
        // safetensors.numpy.save({"b": np.array([1.5], "<f4"), "a": np.array([[1, 2]], "u1")}): wide elements first, header padded to 8.
        var json = """{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[1,2],"data_offsets":[4,6]}}""";
        var file = Make(json.PadRight((json.Length + 7) / 8 * 8), [.. BitConverter.GetBytes(1.5f), 1, 2]);
        var read = SafetensorsFile.Read(_folder.File("a.safetensors", file));
        Assert.Empty(read.Metadata);
        Assert.Equal([1.5f], read.Tensors["b"].As<float>().ToArray());
        Assert.Equal([1, 2], read.Tensors["a"].Shape);
        Assert.Equal([1, 2], read.Tensors["a"].As<byte>().ToArray());
    }

    [Property]
    public void Tensors_survive_a_round_trip(float[] f, double[] d, byte[] b, sbyte[] s, short[] h, int[] i, long[] l)
    {
        var tensors = new Dictionary<string, SafetensorsTensor>
        {
            ["f"] = SafetensorsTensor.From<float>(f, f.Length, 1),
            ["d"] = SafetensorsTensor.From<double>(d, d.Length),
            ["b"] = SafetensorsTensor.From<byte>(b, 1, b.Length),
            ["s"] = SafetensorsTensor.From<sbyte>(s, s.Length),
            ["h"] = SafetensorsTensor.From<short>(h, h.Length),
            ["i"] = SafetensorsTensor.From<int>(i, i.Length),
            ["l"] = SafetensorsTensor.From<long>(l, l.Length),
        };
        var read = RoundTrip(tensors, null);
        Assert.Equal(tensors.Count, read.Tensors.Count);
        foreach (var (name, tensor) in tensors)
        {
            Assert.Equal(tensor.Type, read.Tensors[name].Type);
            Assert.Equal(tensor.Shape, read.Tensors[name].Shape);
            Assert.Equal(tensor.Bytes.ToArray(), read.Tensors[name].Bytes.ToArray());
        }
    }

    [Property]
    public void Names_and_metadata_survive_a_round_trip(Dictionary<string, string> texts)
    {
        var metadata = new Dictionary<string, string>();
        var tensors = new Dictionary<string, SafetensorsTensor>();
        foreach (var (key, value) in texts)
        {
            if (!IsValid(key) || value is null || !IsValid(value)) continue;
            metadata.Add(key, value);
            tensors.Add(key, SafetensorsTensor.From<byte>(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetByteCount(value)));
        }

        var read = RoundTrip(tensors, metadata);
        Assert.Equal(metadata, read.Metadata);
        Assert.Equal(tensors.Keys.Order(), read.Tensors.Keys.Order());
    }

    [Fact]
    public void Every_type_is_written_and_read()
    {
        var tensors = Enum.GetValues<SafetensorsType>()
            .ToDictionary(type => $"{type}", type => new SafetensorsTensor(type, [2], new byte[2 * SafetensorsTypes.Size(type)]));
        var read = RoundTrip(tensors, null);
        foreach (var type in Enum.GetValues<SafetensorsType>()) Assert.Equal(type, read.Tensors[$"{type}"].Type);
        Assert.Equal([Half.Zero, Half.Zero], read.Tensors["F16"].As<Half>().ToArray());
    }

    [Fact]
    public void Writing_is_sorted_aligned_and_the_same_every_time()
    {
        var bytes = SafetensorsTensor.From<byte>([1, 2, 3], 3);
        var doubles = SafetensorsTensor.From<double>([4, 5], 2);
        var meta = new Dictionary<string, string> { ["z"] = "1", ["a"] = "2" };
        SafetensorsFile.Write(_folder.File("1"), new Dictionary<string, SafetensorsTensor> { ["x"] = bytes, ["y"] = doubles }, meta);
        SafetensorsFile.Write(_folder.File("2"), new Dictionary<string, SafetensorsTensor> { ["y"] = doubles, ["x"] = bytes },
            new Dictionary<string, string> { ["a"] = "2", ["z"] = "1" });
        var file = File.ReadAllBytes(_folder.File("1"));
        Assert.Equal(file, File.ReadAllBytes(_folder.File("2")));
        Assert.Equal(
            """{"__metadata__":{"a":"2","z":"1"},"x":{"dtype":"U8","shape":[3],"data_offsets":[16,19]},"y":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}""",
            Header(file).TrimEnd());
        Assert.Equal(0, Header(file).Length % 8);
    }

    [Fact]
    public void A_single_value_and_an_empty_tensor_are_tensors()
    {
        var read = RoundTrip(
            new() { ["one"] = SafetensorsTensor.From<float>([3]), ["none"] = SafetensorsTensor.From<float>([], 0, 7) }, null);
        Assert.Empty(read.Tensors["one"].Shape);
        Assert.Equal([0, 7], read.Tensors["none"].Shape);
    }

    [Fact]
    public void A_tensor_over_memory_keeps_it_and_can_be_pinned()
    {
        var values = new float[] { 1, 2, 3, 4 };
        var tensor = SafetensorsTensor.Over<float>(values.AsMemory(1), 3);
        values[1] = 7;
        Assert.Equal([7, 3, 4], tensor.As<float>().ToArray());
        using var pinned = tensor.Bytes[4..].Pin();
        unsafe
        {
            Assert.Equal(3, *(float*)pinned.Pointer);
        }

        Assert.Throws<ArgumentException>(() => SafetensorsTensor.Over<float>(values, 3));
    }

    [Fact]
    public void What_cannot_be_written_is_refused_before_anything_is()
    {
        var one = SafetensorsTensor.From<float>([3]);
        var path = _folder.File("a");
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, new Dictionary<string, SafetensorsTensor> { ["__metadata__"] = one }));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, new Dictionary<string, SafetensorsTensor> { ["\uD800"] = one }));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(
            path, new Dictionary<string, SafetensorsTensor> { ["a"] = one }, new Dictionary<string, string> { ["k"] = "\uDC00" }));
        Assert.Throws<ArgumentException>(() => new SafetensorsTensor(SafetensorsType.F32, [2], new byte[4]));
        Assert.Throws<ArgumentException>(() => new SafetensorsTensor(SafetensorsType.F32, [1], new byte[5]));
        Assert.Throws<InvalidOperationException>(() => one.As<double>().Length);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_real_network_reads()
    {
        var read = SafetensorsFile.Read(SharedData.Require("silero_vad_16k.safetensors"));
        Assert.Equal([258, 1, 256], read.Tensors["stft_conv.weight"].Shape);
        Assert.Equal(258 * 256, read.Tensors["stft_conv.weight"].As<float>().Length);
        Assert.Contains(read.Tensors, pair => pair.Value.Shape is [512, 128]);
    }

    internal static byte[] Make(string json, ReadOnlySpan<byte> data)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)utf8.Length);
        return [.. length, .. utf8, .. data];
    }

    private static string Header(byte[] file) => Encoding.UTF8.GetString(file, 8, (int)BinaryPrimitives.ReadUInt64LittleEndian(file));

    private static bool IsValid(string text) => !text.EnumerateRunes().Contains(Rune.ReplacementChar) && text != "__metadata__";

    private SafetensorsFile RoundTrip(Dictionary<string, SafetensorsTensor> tensors, Dictionary<string, string>? metadata)
    {
        SafetensorsFile.Write(_folder.File("round.safetensors"), tensors, metadata);
        return SafetensorsFile.Read(_folder.File("round.safetensors"));
    }
}
