using System.Buffers.Binary;
using System.IO.Compression;
using HTensor.Core;
using Xunit;

namespace HTensor.Tests.Core.IO;

public sealed class NpzMalformedTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_file() => Assert.Throws<FileNotFoundException>(() => NpzArchive.Open(_folder.File("absent.npz")));

    [Fact]
    public void Empty() => AssertRefused([], "empty");

    [Fact]
    public void No_zip() => AssertRefused("this is no archive, but it is long enough to hold one"u8.ToArray(), "expected 504B");

    [Fact]
    public void A_single_npy() => AssertRefused(NpyBytes.Make(NpyBytes.Header("|u1", "(1,)"), [1]), "a single npy array");

    [Theory]
    [InlineData(NpzCompression.Stored)]
    [InlineData(NpzCompression.Deflated)]
    public void Cut_short_at_every_length(NpzCompression compression)
    {
        var whole = Archive(compression);
        for (var length = 0; length < whole.Length; length++) AssertRefused(whole[..length]);
    }

    [Theory]
    [InlineData(NpzCompression.Stored)]
    [InlineData(NpzCompression.Deflated)]
    public void Every_single_byte_changed_gives_the_same_arrays_or_one_refusal(NpzCompression compression)
    {
        var whole = Archive(compression);
        var path = _folder.File("changed.npz");
        foreach (var change in new byte[] { 0x01, 0x80, 0xFF })
        {
            for (var i = 0; i < whole.Length; i++)
            {
                var changed = whole.ToArray();
                changed[i] ^= change;
                File.WriteAllBytes(path, changed);
                var before = GC.GetAllocatedBytesForCurrentThread();
                var exception = Record.Exception(() => AssertSameWhereNamed(path));
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(exception is null or InvalidDataException, $"byte {i} ^ {change}: {exception}");
                Assert.InRange(allocated, 0, 64 << 20);
            }
        }
    }

    [Fact]
    public void A_name_twice()
    {
        var npy = NpyBytes.Make(NpyBytes.Header("|u1", "(1,)"), [1]);
        AssertRefused(Zip(("a.npy", npy), ("b.npy", npy), ("a.npy", npy)), "key 'a'", "twice");
    }

    [Fact]
    public void A_name_of_two_lines_is_told_in_one()
    {
        var npy = NpyBytes.Make(NpyBytes.Header("|O", "(1,)"), [1]);
        AssertRefused(Zip(("a\nb.npy", npy)), "key 'a?b'", "pickled");
    }

    [Fact]
    public void An_array_that_is_pickled_names_its_key() =>
        AssertRefused(Zip(("labels.npy", NpyBytes.Make(NpyBytes.Header("|O", "(2,)"), new byte[40]))), "key 'labels'", "pickled");

    [Fact]
    public void A_checksum_that_does_not_fit()
    {
        var whole = Archive(NpzCompression.Stored);
        var data = whole.AsSpan().IndexOf(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 });
        whole[data + 3] = 99;
        AssertRefused(whole, "key 'a'", "checksum");
    }

    [Theory]
    [InlineData(0x7FFF0000u)]
    [InlineData(0xFFFFFFFEu)]
    public void A_directory_that_claims_gigabytes(uint claim)
    {
        var whole = Archive(NpzCompression.Deflated);
        var directory = whole.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(whole.AsSpan(directory + 24), claim);
        AssertRefused(whole, "key 'a'");
    }

    [Fact]
    public void A_header_that_claims_gigabytes_of_zeros_gets_what_arrives()
    {
        // A true bomb: one megabyte that inflates to a gigabyte would do so only while its bytes really come.
        var npy = NpyBytes.Make(NpyBytes.Header("<f8", "(2000000000,)"), new byte[1 << 20]);
        AssertRefused(Zip(("a.npy", npy)), "key 'a'", "16000000000 bytes");
    }

    [Fact]
    public void Files_of_another_kind_inside_are_ignored()
    {
        var path = _folder.File("a.npz", Zip(("readme.txt", "hello"u8.ToArray()), ("a.npy", NpyBytes.Make(NpyBytes.Header("|u1", "(1,)"), [5]))));
        using var archive = NpzArchive.Open(path);
        Assert.Equal(["a"], archive.Names);
    }

    [Fact]
    public void The_checksum_is_that_of_zip() => Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));

    private void AssertRefused(byte[] content, params string[] parts)
    {
        var path = _folder.File("bad.npz", content);
        Malformed.Refused(path, () => ReadAll(path), parts);
    }

    private static void ReadAll(string path)
    {
        using var archive = NpzArchive.Open(path);
        foreach (var name in archive.Names) archive.Read(name);
        Assert.NotEmpty(archive.Names);
    }

    private static void AssertSameWhereNamed(string path)
    {
        using var archive = NpzArchive.Open(path);
        if (archive.TryRead("a", out var a)) Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], a.As<byte>().ToArray());
        if (archive.TryRead("b", out var b)) Assert.Equal([1.5f], b.As<float>().ToArray());
        foreach (var name in archive.Names) archive.Read(name);
    }

    private byte[] Archive(NpzCompression compression)
    {
        var path = _folder.File("whole.npz");
        var arrays = new Dictionary<string, NpyArray> { ["a"] = NpyArray.From<byte>([1, 2, 3, 4, 5, 6, 7, 8]), ["b"] = NpyArray.From<float>([1.5f], 1) };
        NpzArchive.Write(path, arrays, compression);
        return File.ReadAllBytes(path);
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
