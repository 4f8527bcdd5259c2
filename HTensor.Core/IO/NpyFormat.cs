using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace HTensor.Core;

/// <summary>
/// npy 1.0, 2.0 and 3.0: "\x93NUMPY", version, header length (2 bytes in 1.0, else 4), header, elements. After
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
/// </summary>
internal static class NpyFormat
{
    // Room for any shape of 64 modes; only structured dtypes, which are refused, need more.
    private const int MaximalHeader = 65535;
    private const int Alignment = 64;
    private const int GrowthDigits = 21;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static bool HasMagic(ReadOnlySpan<byte> start) => start.StartsWith(Magic);

    /// <summary>Reads an array of which <paramref name="file"/> holds every byte; the array keeps that memory where it can.</summary>
    public static NpyArray Parse(ReadOnlyMemory<byte> file, DataPlace place)
    {
        var (header, dataOffset) = ParseHeader(file.Span, place);
        var shapeText = ArrayExtent.Text(header.Shape);
        if (!ArrayExtent.TryBytes(header.Shape, header.ElementSize, out var bytes))
            throw place.Wrong($"shape {shapeText}: its product overflows");
        var found = file.Length - dataOffset;
        if (found != bytes)
        {
            var what = found < bytes ? "cut short" : "too long";
            throw place.Unexpected($"{what}: elements at offset {dataOffset}", $"{bytes} bytes for {header.Type} {shapeText}", $"{found}");
        }

        var elements = Align(file[dataOffset..], dataOffset);
        CheckElements(header, elements.Span, place);
        var shape = Array.ConvertAll(header.Shape, size => (int)size);
        if (header.Order == ElementOrder.FirstFastest) elements = ElementReorder.ToLastFastest(elements.Span, shape, header.ElementSize);
        return new NpyArray(header.Type, header.ElementSize, shape, elements);
    }

    /// <summary>Where the elements lie in <paramref name="file"/>, of which <paramref name="stream"/> gives an array's <paramref name="length"/> bytes from their begin; row-major unless Fortran order is <paramref name="taken"/> too.</summary>
    public static StoredArray Locate(Stream stream, FileStream file, long length, DataPlace place, ElementOrder taken = ElementOrder.LastFastest)
    {
        var start = InputFile.ReadExactly(stream, (int)Math.Min(length, MaximalHeader + Alignment), MaximalHeader + Alignment, place);
        var begin = file.Position - start.Length;
        var (header, dataOffset) = ParseHeader(start, place);
        // The bytes at the place itself must be those that were read: else the stream decodes something.
        var found = new byte[dataOffset];
        if (RandomAccess.Read(file.SafeFileHandle, found, begin) != dataOffset || !found.AsSpan().SequenceEqual(start.AsSpan(0, dataOffset)))
            throw place.Wrong("expected to be stored uncompressed, so that it can be mapped, found it compressed");
        if (header.Order == ElementOrder.FirstFastest && taken != ElementOrder.FirstFastest) throw place.Wrong("expected row-major (C) order, so that it can be mapped, found Fortran order");
        if (!ArrayExtent.TryBytes(header.Shape, header.ElementSize, out var bytes)) throw place.Wrong($"shape {ArrayExtent.Text(header.Shape)}: its product overflows");
        if (bytes != length - dataOffset)
            throw place.Unexpected($"elements at offset {begin + dataOffset}", $"{bytes} bytes for {header.Type} {ArrayExtent.Text(header.Shape)}", $"{length - dataOffset}");
        return new StoredArray(place.File, header.Type, Array.ConvertAll(header.Shape, size => (int)size), begin + dataOffset, bytes, header.Order);
    }

    public static void Write(Stream stream, NpyArray array)
    {
        stream.Write(HeaderBytes(array.Type, array.ElementSize, array.Shape));
        stream.Write(array.Bytes.Span);
    }

    /// <summary>The header of an array of float32 or float64 whose elements follow in parts.</summary>
    public static void WriteHeader(Stream stream, NpyType type, IReadOnlyList<int> shape) => stream.Write(HeaderBytes(type, NpyTypes.Size(type), shape));

    /// <summary>Some elements, as the type says.</summary>
    public static void WriteValues(Stream stream, NpyType type, ReadOnlySpan<double> values)
    {
        if (type == NpyType.Double)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        Span<float> part = stackalloc float[1024];
        for (var at = 0; at < values.Length; at += part.Length)
        {
            var count = Math.Min(part.Length, values.Length - at);
            for (var i = 0; i < count; i++) part[i] = (float)values[at + i];
            stream.Write(MemoryMarshal.AsBytes(part[..count]));
        }
    }

    private static (NpyHeader Header, int DataOffset) ParseHeader(ReadOnlySpan<byte> file, DataPlace place)
    {
        if (!HasMagic(file)) throw place.Unexpected("npy magic at offset 0", Convert.ToHexString(Magic), Hex(file, Magic.Length));
        if (file.Length < 10) throw place.Unexpected("cut short: npy header", "10 bytes or more", $"{file.Length}");
        var (major, minor) = (file[6], file[7]);
        if (major is < 1 or > 3 || minor != 0) throw place.Unexpected("npy version at offset 6", "1.0, 2.0 or 3.0", $"{major}.{minor}");
        var start = major == 1 ? 10 : 12;
        if (file.Length < start) throw place.Unexpected("cut short: npy header", $"{start} bytes or more", $"{file.Length}");
        long length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(file[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(file[8..]);
        if (length > MaximalHeader) throw place.Unexpected("npy header length at offset 8", $"at most {MaximalHeader}", $"{length}");
        if (length > file.Length - start)
            throw place.Unexpected($"cut short: npy header at offset {start}", $"{length} bytes", $"{file.Length - start}");
        var text = Encoding.Latin1.GetString(file.Slice(start, (int)length));
        return (NpyHeaderParser.Parse(text, place), start + (int)length);
    }

    /// <summary>What a .NET bool or string must not hold is refused here, so that views of the array need no second look.</summary>
    private static void CheckElements(NpyHeader header, ReadOnlySpan<byte> elements, DataPlace place)
    {
        if (header.Type == NpyType.Boolean && elements.IndexOfAnyExceptInRange((byte)0, (byte)1) is var wrong and >= 0)
            throw place.Unexpected($"bool at element {wrong}", "0 or 1", $"{elements[wrong]}");
        if (header.Type != NpyType.Unicode) return;
        var codePoints = MemoryMarshal.Cast<byte, uint>(elements);
        for (var i = 0; i < codePoints.Length; i++)
        {
            if (Rune.IsValid(codePoints[i])) continue;
            throw place.Unexpected($"string at element {i / (header.ElementSize / sizeof(uint))}", "Unicode code points", $"0x{codePoints[i]:X}");
        }
    }

    /// <summary>Elements start at a multiple of 16 in every file that numpy writes; in others they are moved.</summary>
    private static ReadOnlyMemory<byte> Align(ReadOnlyMemory<byte> elements, int offset) =>
        offset % sizeof(ulong) == 0 ? elements : elements.ToArray();

    private static byte[] HeaderBytes(NpyType type, int elementSize, IReadOnlyList<int> shape)
    {
        var sizes = shape.Count == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";
        var text = $"{{'descr': '{NpyTypes.Descr(type, elementSize)}', 'fortran_order': False, 'shape': {sizes}, }}";
        // numpy leaves room to grow the first mode in place, and so do we: the same array gives the same bytes.
        if (shape.Count > 0) text = text.PadRight(text.Length + GrowthDigits - $"{shape[0]}".Length);
        var length = (10 + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        var header = new byte[length];
        header.AsSpan().Fill((byte)' ');
        Magic.CopyTo(header);
        header[6] = 1;
        header[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - 10));
        Encoding.ASCII.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    private static string Hex(ReadOnlySpan<byte> bytes, int count) => Convert.ToHexString(bytes[..Math.Min(count, bytes.Length)]);
}
