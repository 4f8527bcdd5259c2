using System.Buffers.Binary;

namespace HTensor.Core;

/// <summary>
/// A safetensors file: 8 bytes of header length, a JSON header, the tensors' bytes. After https://github.com/huggingface/safetensors#format
/// </summary>
public sealed class SafetensorsFile
{
    /// <summary>Bytes of the largest header taken: some 80,000 tensors.</summary>
    public const int MaximalHeader = 8 << 20;

    private const int LengthSize = sizeof(ulong);

    private readonly Dictionary<string, SafetensorsTensor> _tensors;
    private readonly Dictionary<string, string> _metadata;

    private SafetensorsFile(Dictionary<string, SafetensorsTensor> tensors, Dictionary<string, string> metadata)
    {
        _tensors = tensors;
        _metadata = metadata;
    }

    /// <summary>Free text by key; empty where the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors => _tensors;

    /// <summary>Reads a whole file. Tensors must cover the data without overlap or hole, as the format demands.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no such file, whole; the message names file, tensor, expected and found.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = InputFile.Open(path);
        var place = new DataPlace(path);
        var header = ReadHeader(stream, place);
        var tensors = new Dictionary<string, SafetensorsTensor>(header.FileOrder.Count);
        foreach (var (name, entry) in header.FileOrder)
        {
            var length = (int)(entry.End - entry.Begin);
            var bytes = InputFile.ReadExactly(stream, length, length, place with { Key = name });
            CheckBooleans(entry, bytes, place with { Key = name });
            tensors.Add(name, new SafetensorsTensor(entry.Type, entry.Shape, bytes));
        }

        return new SafetensorsFile(tensors, header.Metadata);
    }

    /// <summary>
    /// Writes tensors and metadata. Names are sorted and wide elements come first, so that every tensor is aligned: the same input gives
    /// the same bytes. The file appears whole or not at all.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A name is <c>__metadata__</c> or no valid Unicode, or the header would be over <see cref="MaximalHeader"/>.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var layout = SafetensorsLayout.Of(tensors, metadata);
        OutputFile.Write(path, stream =>
        {
            stream.Write(layout.Header.Span);
            foreach (var tensor in layout.Tensors) stream.Write(tensor.Bytes.Span);
        });
    }

    private static SafetensorsHeader ReadHeader(FileStream stream, DataPlace place)
    {
        Span<byte> start = stackalloc byte[LengthSize];
        if (stream.Length < LengthSize)
            throw place.Unexpected("cut short: header length at offset 0", $"{LengthSize} bytes", $"{stream.Length}");
        stream.ReadExactly(start);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > MaximalHeader)
            throw place.Unexpected("safetensors header length at offset 0", $"at most {MaximalHeader}", $"{length}");
        var rest = stream.Length - LengthSize;
        if ((long)length > rest) throw place.Unexpected($"cut short: header at offset {LengthSize}", $"{length} bytes", $"{rest}");
        var json = InputFile.ReadExactly(stream, (int)length, (int)length, place);
        return SafetensorsHeader.Parse(json, rest - (long)length, place);
    }

    private static void CheckBooleans(SafetensorsEntry entry, ReadOnlySpan<byte> bytes, DataPlace place)
    {
        if (entry.Type == SafetensorsType.BOOL && bytes.IndexOfAnyExceptInRange((byte)0, (byte)1) is var wrong and >= 0)
            throw place.Unexpected($"BOOL at element {wrong}", "0 or 1", $"{bytes[wrong]}");
    }
}
