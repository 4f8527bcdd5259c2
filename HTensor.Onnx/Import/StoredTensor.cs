using System.Globalization;
using System.Runtime.InteropServices;
using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>A tensor whose elements are known: stored in the file, or folded from such.</summary>
internal sealed record StoredTensor(DataPlace Place, ElementType Type, int[] Shape, ReadOnlyMemory<byte> Bytes)
{
    public int Count => Bytes.Length / SizeOf(Type);

    public bool IsZero => Bytes.Span.IndexOfAnyExcept((byte)0) < 0;

    public ImportedArray Array => Type switch
    {
        ElementType.Float => new(Place, Shape, Bytes),
        ElementType.Double => new(Place, Shape, Bytes, (bytes, i) => (float)MemoryMarshal.Cast<byte, double>(bytes.Span)[i], sizeof(double)),
        ElementType.Half => new(Place, Shape, Bytes, (bytes, i) => (float)MemoryMarshal.Cast<byte, Half>(bytes.Span)[i], sizeof(ushort)),
        ElementType.BFloat16 => new(Place, Shape, Bytes, (bytes, i) => BitConverter.Int32BitsToSingle(MemoryMarshal.Cast<byte, ushort>(bytes.Span)[i] << 16), sizeof(ushort)),
        _ => throw Place.Unexpected("element type", "FLOAT, DOUBLE, FLOAT16 or BFLOAT16", $"{Type}"),
    };

    public long[] Integers => Type switch
    {
        ElementType.Int64 => MemoryMarshal.Cast<byte, long>(Bytes.Span).ToArray(),
        ElementType.Int32 => [.. MemoryMarshal.Cast<byte, int>(Bytes.Span).ToArray()],
        _ => throw Place.Unexpected("element type", "INT64 or INT32", $"{Type}"),
    };

    public static int SizeOf(ElementType type) => type switch
    {
        ElementType.Float or ElementType.Int32 => 4,
        ElementType.Int64 or ElementType.Double => 8,
        ElementType.Half or ElementType.BFloat16 => 2,
        _ => 1,
    };

    /// <exception cref="InvalidDataException">Elements and shape do not fit, or the elements' file is missing or outside the folder.</exception>
    public static StoredTensor Of(string path, OnnxTensor tensor)
    {
        var place = new DataPlace(path) with { Key = tensor.Name.Length > 0 ? tensor.Name : "a constant" };
        if (tensor.Type is not (ElementType.Float or ElementType.Double or ElementType.Half or ElementType.BFloat16 or ElementType.Int64 or ElementType.Int32 or ElementType.Bool or ElementType.UInt8))
            throw place.Unexpected("element type", "FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT64, INT32, BOOL or UINT8", $"{(int)tensor.Type}");
        long[] shape = [.. tensor.Dimensions];
        var text = $"[{string.Join(", ", shape)}]";
        if (shape.Length > 16 || shape.Any(size => size is < 0 or > int.MaxValue) || !ArrayExtent.TryBytes(shape, SizeOf(tensor.Type), out var bytes) || bytes > System.Array.MaxLength)
            throw place.Unexpected("shape", "sizes of an array that fits into memory", text);
        var elements = tensor.IsExternal ? ExternalData.Read(place, tensor.External, bytes) : tensor.Integers.Count > 0 ? Packed(tensor) : tensor.Bytes;
        if (elements.Length != bytes) throw place.Unexpected($"elements of shape {text}", $"{bytes} bytes", $"{elements.Length}");
        return new StoredTensor(place, tensor.Type, [.. shape.Select(size => (int)size)], elements);
    }

    private static ReadOnlyMemory<byte> Packed(OnnxTensor tensor) => tensor.Type switch
    {
        ElementType.Int64 => MemoryMarshal.AsBytes<long>(tensor.Integers.ToArray()).ToArray(),
        ElementType.Int32 => MemoryMarshal.AsBytes<int>(tensor.Integers.Select(value => (int)value).ToArray()).ToArray(),
        ElementType.Half or ElementType.BFloat16 => MemoryMarshal.AsBytes<ushort>(tensor.Integers.Select(value => (ushort)value).ToArray()).ToArray(),
        _ => tensor.Integers.Select(value => (byte)value).ToArray(),
    };
}

/// <summary>Elements of a tensor that lie in another file of the model's folder.</summary>
internal static class ExternalData
{
    public static ReadOnlyMemory<byte> Read(DataPlace place, IReadOnlyDictionary<string, string> entries, long bytes)
    {
        if (!entries.TryGetValue("location", out var location)) throw place.Wrong("external data: expected a location, found none");
        var folder = Path.GetDirectoryName(Path.GetFullPath(place.File))!;
        if (Path.IsPathRooted(location) || location.Contains('\0', StringComparison.Ordinal) || location.Split('/', '\\').Contains("..")) throw Outside(place, location);
        var path = Path.GetFullPath(Path.Combine(folder, location));
        if (!File.Exists(path)) throw place.Unexpected("external data", $"a file '{location}' beside the model", "none");
        RequireInside(place, folder, location);
        var (offset, length) = (Number(place, entries, "offset", 0), Number(place, entries, "length", bytes));
        using var stream = InputFile.Open(path);
        if (length != bytes) throw place.Unexpected("external data: length", $"{bytes}", $"{length}");
        if (offset > stream.Length || bytes > stream.Length - offset) throw place.Unexpected($"external data in '{location}'", $"{bytes} bytes from {offset}", $"a file of {stream.Length}");
        stream.Position = offset;
        return InputFile.ReadExactly(stream, (int)bytes, (int)bytes, place);
    }

    /// <summary>No link on the way leads out of the folder.</summary>
    private static void RequireInside(DataPlace place, string folder, string location)
    {
        var path = folder;
        foreach (var part in location.Split('/', '\\'))
        {
            path = Path.Combine(path, part);
            FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            if (entry.ResolveLinkTarget(returnFinalTarget: true) is { } target && !target.FullName.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw Outside(place, location);
        }
    }

    private static InvalidDataException Outside(DataPlace place, string location) => place.Unexpected("external data: location", "a file in the model's folder", $"'{location}'");

    private static long Number(DataPlace place, IReadOnlyDictionary<string, string> entries, string key, long otherwise)
    {
        if (!entries.TryGetValue(key, out var text)) return otherwise;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw place.Unexpected($"external data: {key}", "a number", $"'{text}'");
    }
}
