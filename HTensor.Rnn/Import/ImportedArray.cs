using System.Runtime.InteropServices;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>An array of a file that is imported, as floats, and where it came from. Single values are not copied.</summary>
internal sealed class ImportedArray(DataPlace place, IReadOnlyList<int> shape, ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, int, float>? element = null, int size = sizeof(float))
{
    private float[]? _converted;

    public DataPlace Place => place;

    public IReadOnlyList<int> Shape => shape;

    public int Count => bytes.Length / size;

    public ReadOnlySpan<float> Values => element is null ? MemoryMarshal.Cast<byte, float>(bytes.Span) : _converted ??= [.. Enumerable.Range(0, Count).Select(i => element(bytes, i))];

    public static ImportedArray Of(string path, string name, SafetensorsTensor tensor)
    {
        var place = new DataPlace(path) with { Key = name };
        return tensor.Type switch
        {
            SafetensorsType.F32 => new(place, tensor.Shape, tensor.Bytes),
            SafetensorsType.F64 => new(place, tensor.Shape, tensor.Bytes, (bytes, i) => (float)MemoryMarshal.Cast<byte, double>(bytes.Span)[i], sizeof(double)),
            SafetensorsType.F16 => new(place, tensor.Shape, tensor.Bytes, (bytes, i) => (float)MemoryMarshal.Cast<byte, Half>(bytes.Span)[i], sizeof(ushort)),
            SafetensorsType.BF16 => new(place, tensor.Shape, tensor.Bytes, (bytes, i) => BitConverter.Int32BitsToSingle(MemoryMarshal.Cast<byte, ushort>(bytes.Span)[i] << 16), sizeof(ushort)),
            _ => throw place.Unexpected("type", "F32, F64, F16 or BF16", $"{tensor.Type}"),
        };
    }

    public static ImportedArray Of(string path, string name, NpyArray array)
    {
        var place = new DataPlace(path) with { Key = name };
        return array.Type switch
        {
            NpyType.Single => new(place, array.Shape, array.Bytes),
            NpyType.Double => new(place, array.Shape, array.Bytes, (bytes, i) => (float)MemoryMarshal.Cast<byte, double>(bytes.Span)[i], sizeof(double)),
            _ => throw place.Unexpected("dtype", "float32 or float64", $"{array.Type}"),
        };
    }

    /// <exception cref="InvalidDataException">The shape is another.</exception>
    public void RequireShape(params IReadOnlyList<int> expected)
    {
        if (!shape.SequenceEqual(expected)) throw place.Unexpected("shape", ArrayText(expected), ArrayText(shape));
    }

    public static string ArrayText(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";
}
