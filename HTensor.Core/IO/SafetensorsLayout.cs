using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace HTensor.Core;

/// <summary>Where the tensors of a new safetensors file go, and the header that says so (its length in front).</summary>
internal readonly record struct SafetensorsLayout(ReadOnlyMemory<byte> Header, IReadOnlyList<SafetensorsTensor> Tensors)
{
    private const int Alignment = sizeof(ulong);

    public static SafetensorsLayout Of(
        IReadOnlyDictionary<string, SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var names = Sorted(tensors.Keys, "tensor name");
        if (tensors.ContainsKey(SafetensorsHeader.MetadataKey))
            throw new ArgumentException($"tensor name: '{SafetensorsHeader.MetadataKey}' is the format's own", nameof(tensors));
        var (order, begins) = Place(names, tensors);
        var json = new ArrayBufferWriter<byte>(1024);
        json.GetSpan(Alignment)[..Alignment].Clear();
        json.Advance(Alignment);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (metadata is not null) WriteMetadata(writer, metadata);
            foreach (var name in names) WriteTensor(writer, name, tensors[name], begins[name]);
            writer.WriteEndObject();
        }

        return new SafetensorsLayout(Finish(json), order);
    }

    /// <summary>Wide elements first: each tensor then begins at a multiple of its element's size.</summary>
    private static (List<SafetensorsTensor> Order, Dictionary<string, long> Begins) Place(
        List<string> names, IReadOnlyDictionary<string, SafetensorsTensor> tensors)
    {
        var order = new List<SafetensorsTensor>(names.Count);
        var begins = new Dictionary<string, long>(names.Count);
        long begin = 0;
        for (var size = Alignment; size >= 1; size /= 2)
        {
            foreach (var name in names)
            {
                var tensor = tensors[name];
                if (SafetensorsTypes.Size(tensor.Type) != size) continue;
                order.Add(tensor);
                begins.Add(name, begin);
                begin += tensor.Bytes.Length;
            }
        }

        return (order, begins);
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> metadata)
    {
        writer.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var key in Sorted(metadata.Keys, "metadata key"))
        {
            RefuseBrokenText(metadata[key], $"metadata '{key}'");
            writer.WriteString(key, metadata[key]);
        }

        writer.WriteEndObject();
    }

    private static void WriteTensor(Utf8JsonWriter writer, string name, SafetensorsTensor tensor, long begin)
    {
        writer.WriteStartObject(name);
        writer.WriteString("dtype", SafetensorsTypes.Name(tensor.Type));
        writer.WriteStartArray("shape");
        foreach (var size in tensor.Shape) writer.WriteNumberValue(size);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(begin);
        writer.WriteNumberValue(begin + tensor.Bytes.Length);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static byte[] Finish(ArrayBufferWriter<byte> json)
    {
        var length = (json.WrittenCount + Alignment - 1) / Alignment * Alignment;
        var header = new byte[length];
        json.WrittenSpan.CopyTo(header);
        header.AsSpan(json.WrittenCount).Fill((byte)' ');
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(length - Alignment));
        if (length - Alignment > SafetensorsFile.MaximalHeader)
            throw new ArgumentException($"safetensors header: expected at most {SafetensorsFile.MaximalHeader} bytes, found {length - Alignment}");
        return header;
    }

    private static List<string> Sorted(IEnumerable<string> names, string what)
    {
        var sorted = new List<string>(names);
        sorted.Sort(StringComparer.Ordinal);
        foreach (var name in sorted) RefuseBrokenText(name, what);
        return sorted;
    }

    /// <summary>A lone surrogate has no UTF-8: two such names would become one.</summary>
    private static void RefuseBrokenText(string text, string what)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != OperationStatus.Done)
                throw new ArgumentException($"{what}: expected valid Unicode, found a lone surrogate");
            rest = rest[consumed..];
        }
    }
}
