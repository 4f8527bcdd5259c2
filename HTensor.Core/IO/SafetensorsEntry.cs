using System.Text.Json;

namespace HTensor.Core;

/// <summary>One tensor of a safetensors header: its type, its shape, and where its bytes lie in the data.</summary>
internal readonly record struct SafetensorsEntry(SafetensorsType Type, int[] Shape, long Begin, long End)
{
    private const int MaximalRank = 64;

    /// <summary>Reads the object that follows a tensor's name.</summary>
    public static SafetensorsEntry Read(ref Utf8JsonReader reader, DataPlace place)
    {
        string? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw place.Unexpected("tensor", "an object", $"{reader.TokenType}");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString();
            reader.Read();
            if (field == "dtype" && dtype is null) dtype = ReadText(ref reader, place);
            else if (field == "shape" && shape is null) shape = ReadNumbers(ref reader, field, place);
            else if (field == "data_offsets" && offsets is null) offsets = ReadNumbers(ref reader, field, place);
            else throw place.Unexpected("tensor", "dtype, shape and data_offsets, once each", $"'{field}'");
        }

        if (dtype is null || shape is null || offsets is null)
        {
            var missing = dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets";
            throw place.Unexpected("tensor", "dtype, shape and data_offsets", $"no {missing}");
        }

        return Check(dtype, shape, offsets, place);
    }

    private static SafetensorsEntry Check(string dtype, long[] shape, long[] offsets, DataPlace place)
    {
        var type = SafetensorsTypes.Parse(dtype) ?? throw place.Unexpected("dtype", SafetensorsTypes.Taken, $"'{dtype}'");
        if (offsets.Length != 2) throw place.Unexpected("data_offsets", "[begin, end]", ArrayExtent.Text(offsets));
        var text = ArrayExtent.Text(shape);
        if (!ArrayExtent.TryBytes(shape, SafetensorsTypes.Size(type), out var bytes))
            throw place.Wrong($"shape {text}: its product overflows");
        if (offsets[1] < offsets[0] || offsets[1] - offsets[0] != bytes)
            throw place.Unexpected("data_offsets", $"{bytes} bytes for {dtype} {text}", ArrayExtent.Text(offsets));
        if (bytes > Array.MaxLength) throw place.Unexpected("size", $"at most {Array.MaxLength} bytes", $"{bytes}");
        foreach (var size in shape)
            if (size > int.MaxValue) throw place.Unexpected("shape", $"mode sizes up to {int.MaxValue}", text);
        return new SafetensorsEntry(type, Array.ConvertAll(shape, size => (int)size), offsets[0], offsets[1]);
    }

    private static string ReadText(ref Utf8JsonReader reader, DataPlace place) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw place.Unexpected("dtype", "a string", $"{reader.TokenType}");

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string field, DataPlace place)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw place.Unexpected(field, "a list of integers", $"{reader.TokenType}");
        var count = 0;
        Span<long> numbers = stackalloc long[MaximalRank];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == MaximalRank) throw place.Wrong($"{field}: expected at most {MaximalRank} integers, found more");
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw place.Unexpected($"{field}[{count}]", $"an integer from 0 to {long.MaxValue}", $"another {reader.TokenType}");
            numbers[count++] = number;
        }

        return numbers[..count].ToArray();
    }
}
