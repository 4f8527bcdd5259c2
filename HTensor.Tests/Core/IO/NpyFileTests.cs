using System.Runtime.InteropServices;
using System.Text;
using FsCheck.Xunit;
using HTensor.Core;
using Xunit;

namespace HTensor.Tests.Core.IO;

public sealed class NpyFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_and_writes_the_bytes_that_numpy_writes()
    {
        // basicmotions.npz: split.npy's header as numpy.savez_compressed wrote it, with one element.
        var numpy = Golden("{'descr': '|u1', 'fortran_order': False, 'shape': (80,), }", 0x76, Enumerable.Repeat((byte)1, 80).ToArray());
        var array = NpyFile.Read(_folder.File("numpy.npy", numpy));
        Assert.Equal((NpyType.UInt8, 80, 1), (array.Type, array.Count, array.ElementSize));
        Assert.Equal([80], array.Shape);

        NpyFile.Write(_folder.File("ours.npy"), array);
        Assert.Equal(numpy, File.ReadAllBytes(_folder.File("ours.npy")));
    }

    [Theory]
    [InlineData((byte)1)]
    [InlineData((byte)2)]
    [InlineData((byte)3)]
    public void Every_version_reads_the_same(byte major)
    {
        var file = NpyBytes.Make(NpyBytes.Header("<i2", "(2, 2)"), MemoryMarshal.AsBytes<short>([1, -2, 3, -4]), major);
        var array = NpyFile.Read(_folder.File("a.npy", file));
        Assert.Equal([1, -2, 3, -4], array.As<short>().ToArray());
        Assert.Equal([2, 2], array.Shape);
    }

    [Theory]
    [InlineData("{'shape': (3,), 'fortran_order': False, 'descr': '|u1'}")]
    [InlineData("{\"descr\": \"|u1\", \"fortran_order\": False, \"shape\": (3L,)}")]
    [InlineData("{ 'descr' : 'u1' , 'fortran_order':True,'shape':( 3 , ) , } ")]
    public void Spellings_of_the_header_that_python_takes(string header) =>
        Assert.Equal([7, 8, 9], NpyFile.Read(_folder.File("a.npy", NpyBytes.Make(header, [7, 8, 9]))).As<byte>().ToArray());

    [Fact]
    public void A_single_value_has_shape_of_no_modes()
    {
        NpyFile.Write(_folder.File("a.npy"), NpyArray.From<double>([2.5]));
        var array = NpyFile.Read(_folder.File("a.npy"));
        Assert.Empty(array.Shape);
        Assert.Equal(2.5, array.As<double>()[0]);
    }

    [Property]
    public void Numbers_survive_a_round_trip(float[] singles, double[] doubles, long[] longs, ulong[] ulongs, int[] ints)
    {
        AssertRoundTrip<float>(singles);
        AssertRoundTrip<double>(doubles);
        AssertRoundTrip<long>(longs);
        AssertRoundTrip<ulong>(ulongs);
        AssertRoundTrip<int>(ints);
    }

    [Property]
    public void Small_numbers_survive_a_round_trip(
        byte[] bytes, sbyte[] sbytes, short[] shorts, ushort[] ushorts, uint[] uints, bool[] bools)
    {
        AssertRoundTrip<byte>(bytes);
        AssertRoundTrip<sbyte>(sbytes);
        AssertRoundTrip<short>(shorts);
        AssertRoundTrip<ushort>(ushorts);
        AssertRoundTrip<uint>(uints);
        AssertRoundTrip<bool>(bools);
    }

    [Theory]
    [InlineData("one", "deux", "", "\u0434\u0432\u0430", "\U0001F600\U0001F600 two")]
    [InlineData("")]
    public void Strings_survive_a_round_trip(params string[] strings)
    {
        NpyFile.Write(_folder.File("a.npy"), NpyArray.FromStrings(strings));
        Assert.Equal(strings, NpyFile.Read(_folder.File("a.npy")).Strings());
    }

    [Theory]
    [InlineData("<f8", 8)]
    [InlineData("<i4", 4)]
    [InlineData("<u2", 2)]
    [InlineData("|u1", 1)]
    [InlineData("<U3", 12)]
    public void Fortran_order_becomes_row_major(string descr, int size)
    {
        int[] shape = [3, 2, 5];
        var stored = new byte[30 * size];
        var expected = new byte[30 * size];
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 2; j++)
                for (var k = 0; k < 5; k++)
                {
                    var value = (byte)(1 + 10 * i + 5 * j + k);
                    stored[(i + 3 * (j + 2 * k)) * size] = value;
                    expected[((i * 2 + j) * 5 + k) * size] = value;
                }

        var file = NpyBytes.Make(NpyBytes.Header(descr, "(3, 2, 5)", "True"), stored);
        var array = NpyFile.Read(_folder.File("a.npy", file));
        Assert.Equal(shape, array.Shape);
        Assert.Equal(expected, array.Bytes.ToArray());
    }

    [Fact]
    public void Elements_at_an_odd_offset_are_read()
    {
        var text = NpyBytes.Header("<f8", "(1,)") + "\n";
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. Encoding.ASCII.GetBytes(text), .. BitConverter.GetBytes(1.5)];
        Assert.NotEqual(0, (file.Length - 8) % 8);
        Assert.Equal(1.5, NpyFile.Read(_folder.File("a.npy", file)).As<double>()[0]);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_earlier_file_and_nothing_else()
    {
        var path = _folder.File("kept.npy");
        NpyFile.Write(path, NpyArray.From<byte>([1, 2]));
        Assert.Throws<InvalidOperationException>(() => OutputFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Assert.Equal([1, 2], NpyFile.Read(path).As<byte>().ToArray());
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Writing_into_no_folder_names_it()
    {
        var path = Path.Combine(_folder.Path, "absent", "a.npy");
        var exception = Assert.Throws<IOException>(() => NpyFile.Write(path, NpyArray.From<byte>([1])));
        Assert.Contains($"{path}: cannot be written: no folder", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_of_another_type_is_refused()
    {
        var array = NpyArray.From<float>([1, 2]);
        Assert.Throws<InvalidOperationException>(() => array.As<int>().Length);
        Assert.Throws<InvalidOperationException>(array.Strings);
        Assert.Throws<NotSupportedException>(() => NpyArray.From<Half>([Half.One]));
        Assert.Throws<ArgumentException>(() => NpyArray.From<float>([1, 2], 3));
        Assert.Throws<ArgumentException>(() => NpyArray.From<float>([1, 2], -1, -2));
    }

    private void AssertRoundTrip<T>(T[] values) where T : unmanaged
    {
        var path = _folder.File("round.npy");
        NpyFile.Write(path, NpyArray.From<T>(values, values.Length, 1));
        var read = NpyFile.Read(path);
        Assert.Equal([values.Length, 1], read.Shape);
        Assert.Equal(MemoryMarshal.AsBytes<T>(values).ToArray(), read.Bytes.ToArray());
        Assert.Equal(values.Length, read.As<T>().Length);
    }

    private static byte[] Golden(string header, byte length, byte[] elements) =>
        [0x93, .. "NUMPY"u8, 1, 0, length, 0, .. Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"), .. elements];
}
