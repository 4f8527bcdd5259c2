using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;

namespace HTensor.Core;

/// <summary>
/// An npz file: a zip archive of npy arrays by name, stored or deflated. Holds its file open until disposed; one thread at a time.
/// An array is decoded when it is read, and its checksum is verified.
/// </summary>
public sealed class NpzArchive : IArrayStore
{
    private const string Extension = ".npy";

    // Deflate's best: 258 bytes out of two bits. A zip that claims more lies.
    private const long MaximalExpansion = 1032;
    private const long ReserveBeyondFile = 32 << 20;

    private readonly DataPlace _place;
    private readonly FileStream _stream;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];
    private readonly List<string> _names = [];

    private NpzArchive(DataPlace place, FileStream stream, ZipArchive zip)
    {
        _place = place;
        _stream = stream;
        _zip = zip;
    }

    /// <summary>Names of the arrays, without <c>.npy</c>, in the archive's order. What else the archive holds is ignored.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Opens an archive and reads its directory.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no zip archive, is cut short, or holds a name twice.</exception>
    public static NpzArchive Open(string path)
    {
        var stream = InputFile.Open(path);
        ZipArchive? zip = null;
        try
        {
            var place = new DataPlace(path);
            RefuseOtherFormats(stream, place);
            zip = OpenZip(stream, place);
            var archive = new NpzArchive(place, stream, zip);
            archive.ListEntries();
            return archive;
        }
        catch
        {
            zip?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is an array of this name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Decodes one array.</summary>
    /// <exception cref="InvalidDataException">There is no such key, or what it holds is no npy array of a known type, whole.</exception>
    public NpyArray Read(string name)
    {
        if (TryRead(name, out var array)) return array;
        throw NoKey(name);
    }

    StoredArray IArrayStore.Locate(string name)
    {
        if (!_entries.TryGetValue(name, out var entry)) throw NoKey(name);
        var place = _place with { Key = name };
        using var content = OpenEntry(entry, place);
        return NpyFormat.Locate(content, _stream, entry.Length, place);
    }

    private InvalidDataException NoKey(string name) =>
        _place.Unexpected("keys", $"'{name}' among them", _names.Count == 0 ? "none" : string.Join(", ", _names));

    /// <summary>Decodes one array, or says that there is none of this name.</summary>
    /// <exception cref="InvalidDataException">What the key holds is no npy array of a known type, whole.</exception>
    public bool TryRead(string name, [NotNullWhen(true)] out NpyArray? array)
    {
        array = null;
        if (!_entries.TryGetValue(name, out var entry)) return false;
        var place = _place with { Key = name };
        array = NpyFormat.Parse(Decode(entry, place), place);
        return true;
    }

    /// <summary>
    /// Writes arrays, sorted by name and without a date: the same arrays give the same bytes. The file appears whole or not at all.
    /// </summary>
    /// <exception cref="ArgumentException">There is an empty name, or one that holds a slash.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, NpyArray> arrays, NpzCompression compression = NpzCompression.Deflated)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        var names = new List<string>(arrays.Keys);
        names.Sort(StringComparer.Ordinal);
        foreach (var name in names)
            if (name.Length == 0 || name.AsSpan().ContainsAny('/', '\\', '\0'))
                throw new ArgumentException($"npz key: expected a plain name, found '{name}'", nameof(arrays));

        OutputFile.Write(path, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            var level = compression == NpzCompression.Stored ? CompressionLevel.NoCompression : CompressionLevel.Optimal;
            foreach (var name in names)
            {
                var entry = zip.CreateEntry(name + Extension, level);
                entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var content = entry.Open();
                NpyFormat.Write(content, arrays[name]);
            }
        });
    }

    public void Dispose()
    {
        _zip.Dispose();
        _stream.Dispose();
    }

    private static void RefuseOtherFormats(FileStream stream, DataPlace place)
    {
        Span<byte> start = stackalloc byte[6];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        if (NpyFormat.HasMagic(start)) throw place.Wrong("expected an npz archive, found a single npy array");
        if (!start.StartsWith("PK"u8)) throw place.Unexpected("npz archive: zip magic at offset 0", "504B", Convert.ToHexString(start));
    }

    private static ZipArchive OpenZip(FileStream stream, DataPlace place)
    {
        try
        {
            var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            _ = zip.Entries.Count; // The directory is read now, so that its faults show here.
            return zip;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw place.Wrong($"expected an npz (zip) archive, whole: {exception.Message}", exception);
        }
    }

    private void ListEntries()
    {
        foreach (var entry in _zip.Entries)
        {
            if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal)) continue;
            var name = entry.FullName[..^Extension.Length];
            if (!_entries.TryAdd(name, entry)) throw _place.Wrong($"key '{name}': expected once, found twice");
            _names.Add(name);
        }
    }

    private byte[] Decode(ZipArchiveEntry entry, DataPlace place)
    {
        if (entry.IsEncrypted) throw place.Wrong("expected plain data, found an encrypted entry");
        if (entry.Length > Array.MaxLength) throw place.Unexpected("size", $"at most {Array.MaxLength} bytes", $"{entry.Length}");
        if (entry.CompressedLength > _stream.Length || entry.Length > MaximalExpansion * (entry.CompressedLength + 1))
            throw place.Wrong($"the archive claims {entry.Length} bytes out of {entry.CompressedLength} compressed ones in a file of {_stream.Length}");
        using var content = OpenEntry(entry, place);
        var reserve = (int)Math.Min(Array.MaxLength, _stream.Length + ReserveBeyondFile);
        var bytes = InputFile.ReadExactly(content, (int)entry.Length, reserve, place);
        if (InputFile.Read(content, stackalloc byte[1], place) > 0) throw place.Unexpected("too long", $"{entry.Length} bytes", "more");
        var crc = Crc32.Of(bytes);
        if (crc != entry.Crc32) throw place.Unexpected("checksum", $"{entry.Crc32:X8}", $"{crc:X8}");
        return bytes;
    }

    private static Stream OpenEntry(ZipArchiveEntry entry, DataPlace place)
    {
        try
        {
            return entry.Open();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw place.Wrong($"cannot be decoded ({exception.Message})", exception);
        }
    }
}
