using System.Text.Json;

namespace HTensor.Core;

/// <summary>
/// The JSON header of a safetensors file:
/// <c>{"__metadata__": {"k": "v"}, "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}</c>, offsets from the header's end.
/// </summary>
internal sealed class SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";

    private SafetensorsHeader()
    {
    }

    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>Tensors by offset; an empty one goes before the one that begins where it stands.</summary>
    public List<KeyValuePair<string, SafetensorsEntry>> FileOrder { get; } = [];

    private Dictionary<string, SafetensorsEntry> Entries { get; } = [];

    /// <summary>
    /// Reads a header and checks every number in it: types, shapes against offsets, offsets against each other and the data's length.
    /// </summary>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, DataPlace place)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
            throw place.Unexpected("safetensors header at offset 8", "'{'", json.IsEmpty ? "nothing" : $"0x{json[0]:X2}");
        var header = new SafetensorsHeader();
        try
        {
            header.ReadRoot(new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 }), place);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw place.Wrong($"safetensors header: expected JSON, found a fault ({exception.Message})", exception);
        }

        header.FileOrder.AddRange(header.Entries);
        header.FileOrder.Sort((a, b) => a.Value.Begin != b.Value.Begin ? a.Value.Begin.CompareTo(b.Value.Begin) : a.Value.End.CompareTo(b.Value.End));
        header.CheckCover(dataLength, place);
        return header;
    }

    private void ReadRoot(Utf8JsonReader reader, DataPlace place)
    {
        var seenMetadata = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var at = place with { Key = name };
            if (name == MetadataKey)
            {
                if (seenMetadata) throw at.Wrong("expected once, found twice");
                seenMetadata = true;
                ReadMetadata(ref reader, at);
            }
            else if (!Entries.TryAdd(name, SafetensorsEntry.Read(ref reader, at)))
            {
                throw at.Wrong("expected once, found twice");
            }
        }

        // Only spaces may follow the closing brace, and the reader throws at anything else.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader, DataPlace place)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw place.Unexpected("metadata", "an object of strings", $"{reader.TokenType}");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw place.Unexpected($"metadata '{key}'", "a string", $"{reader.TokenType}");
            if (!Metadata.TryAdd(key, reader.GetString()!)) throw place.Wrong($"metadata '{key}': expected once, found twice");
        }
    }

    /// <summary>The format wants every byte of the data to belong to exactly one tensor.</summary>
    private void CheckCover(long dataLength, DataPlace place)
    {
        long end = 0;
        foreach (var (name, entry) in FileOrder)
        {
            var at = place with { Key = name };
            if (entry.Begin < end) throw at.Unexpected("data_offsets", $"a begin of {end}", $"{entry.Begin}: tensors overlap");
            if (entry.Begin > end) throw at.Unexpected("data_offsets", $"a begin of {end}", $"{entry.Begin}: a hole");
            if (entry.End > dataLength) throw at.Unexpected("data_offsets: cut short", $"{entry.End} bytes of data", $"{dataLength}");
            end = entry.End;
        }

        if (end != dataLength) throw place.Unexpected("too long: data", $"{end} bytes", $"{dataLength}");
    }
}
