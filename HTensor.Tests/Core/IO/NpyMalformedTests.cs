using System.Runtime.InteropServices;
using HTensor.Core;
using Xunit;

namespace HTensor.Tests.Core.IO;

public sealed class NpyMalformedTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_file() => Assert.Throws<FileNotFoundException>(() => NpyFile.Read(_folder.File("absent.npy")));

    [Fact]
    public void No_folder() => Assert.Throws<FileNotFoundException>(() => NpyFile.Read(Path.Combine(_folder.Path, "absent", "a.npy")));

    [Fact]
    public void A_folder()
    {
        var exception = Assert.Throws<InvalidDataException>(() => NpyFile.Read(_folder.Path));
        Assert.Contains("found a folder", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty() => AssertRefused([], "empty");

    [Fact]
    public void Another_format() => AssertRefused("PK\u0003\u0004 and so on"u8.ToArray(), "magic", "504B0304");

    [Fact]
    public void Cut_short_at_every_length()
    {
        var whole = NpyBytes.Make(NpyBytes.Header("<f4", "(2, 3)"), new byte[24]);
        for (var length = 0; length < whole.Length; length++) AssertRefused(whole[..length]);
    }

    [Fact]
    public void Too_long() => AssertRefused(NpyBytes.Make(NpyBytes.Header("<f4", "(2,)"), new byte[9]), "too long", "8 bytes", "found 9");

    [Theory]
    [InlineData("<O8", "pickled")]
    [InlineData("|O", "pickled")]
    [InlineData(">f4", "big-endian")]
    [InlineData(">U4", "big-endian")]
    [InlineData("<f2", "'<f2'")]
    [InlineData("<c8", "'<c8'")]
    [InlineData("|S5", "'|S5'")]
    [InlineData("<M8[ns]", "'<M8[ns]'")]
    [InlineData("", "''")]
    [InlineData("<U0", "code points")]
    [InlineData("<U99999999999", "code points")]
    public void Types_that_are_not_taken(string descr, string part) =>
        AssertRefused(NpyBytes.Make(NpyBytes.Header(descr, "(1,)"), new byte[8]), "dtype", part);

    [Fact]
    public void Types_that_are_taken_are_listed() =>
        AssertRefused(NpyBytes.Make(NpyBytes.Header("<f2", "(1,)"), new byte[2]), "u1, i1, u2, i2, u4, i4, u8, i8, f4, f8, bool");

    [Theory]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "structured")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }", "no shape")]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", "no fortran_order")]
    [InlineData("{'fortran_order': False, 'shape': (1,), }", "no descr")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "once each")]
    [InlineData("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }", "True or False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "mode size")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1 2), }", "')'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': 1, }", "'('")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x", "nothing after")]
    [InlineData("{'descr': '<f4, 'fortran_order", "'}'")]
    [InlineData("{'descr", "closing quote")]
    [InlineData("{", "a key in quotes")]
    [InlineData("", "'{'")]
    [InlineData("{'other': 1}", "'other'")]
    public void Headers_that_say_something_else(string header, string part) => AssertRefused(NpyBytes.Make(header, new byte[4]), part);

    [Theory]
    [InlineData("(1152921504606846976,)", "mode sizes up to")]
    [InlineData("(99999999999999999999999,)", "mode sizes up to")]
    [InlineData("(2147483647, 2147483647, 2147483647)", "overflows")]
    [InlineData("(2147483647, 1073741824)", "cut short")]
    [InlineData("(1000000000,)", "4000000000 bytes")]
    public void Shapes_beyond_the_file(string shape, string part) =>
        AssertRefused(NpyBytes.Make(NpyBytes.Header("<f4", shape), new byte[4]), part);

    [Fact]
    public void More_modes_than_any_array_has() => AssertRefused(
        NpyBytes.Make(NpyBytes.Header("<f4", $"({string.Concat(Enumerable.Repeat("1, ", 65))})"), new byte[4]), "at most 64 modes");

    [Fact]
    public void A_header_longer_than_the_file()
    {
        byte[] file = [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[20]];
        AssertRefused(file, "header length", "4294967295");
    }

    [Theory]
    [InlineData((byte)0)]
    [InlineData((byte)4)]
    public void Versions_that_are_not_known(byte major) => AssertRefused([0x93, .. "NUMPY"u8, major, 0, .. new byte[20]], "1.0, 2.0 or 3.0");

    [Fact]
    public void A_bool_that_is_neither() => AssertRefused(NpyBytes.Make(NpyBytes.Header("|b1", "(3,)"), [1, 0, 2]), "element 2", "found 2");

    [Theory]
    [InlineData(0x110000u)]
    [InlineData(0xD800u)]
    [InlineData(0xFFFFFFFFu)]
    public void Code_points_that_are_none(uint codePoint) => AssertRefused(
        NpyBytes.Make(NpyBytes.Header("<U2", "(2,)"), MemoryMarshal.AsBytes<uint>([65, 66, 67, codePoint])), "element 1", $"0x{codePoint:X}");

    [Fact]
    public void Every_single_byte_of_the_header_changed_gives_an_array_or_one_refusal()
    {
        var whole = NpyBytes.Make(NpyBytes.Header("<f4", "(2, 3)"), new byte[24]);
        var path = _folder.File("a.npy");
        foreach (var change in new byte[] { 0x01, 0x10, 0x80, 0xFF })
        {
            for (var i = 0; i < whole.Length - 24; i++)
            {
                var changed = whole.ToArray();
                changed[i] ^= change;
                File.WriteAllBytes(path, changed);
                var exception = Record.Exception(() => NpyFile.Read(path));
                Assert.True(exception is null or InvalidDataException, $"byte {i} ^ {change}: {exception}");
            }
        }
    }

    private void AssertRefused(byte[] content, params string[] parts)
    {
        var path = _folder.File("bad.npy", content);
        Malformed.Refused(path, () => NpyFile.Read(path), parts);
    }
}
