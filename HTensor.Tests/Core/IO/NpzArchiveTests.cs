using FsCheck.Xunit;
using HTensor.Core;
using Xunit;

namespace HTensor.Tests.Core.IO;

public sealed class NpzArchiveTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property]
    public void Arrays_survive_a_round_trip(float[] x, long[] y, byte[] z)
    {
        foreach (var compression in new[] { NpzCompression.Stored, NpzCompression.Deflated })
        {
            var path = _folder.File("round.npz");
            NpzArchive.Write(path, Arrays(("x", NpyArray.From<float>(x, x.Length, 1)), ("y", NpyArray.From<long>(y, y.Length)), ("z", NpyArray.From<byte>(z, 1, z.Length))), compression);
            using var archive = NpzArchive.Open(path);
            Assert.Equal(["x", "y", "z"], archive.Names);
            Assert.Equal(x, archive.Read("x").As<float>().ToArray());
            Assert.Equal(y, archive.Read("y").As<long>().ToArray());
            Assert.Equal(z, archive.Read("z").As<byte>().ToArray());
            Assert.Equal([1, z.Length], archive.Read("z").Shape);
        }
    }

    [Fact]
    public void The_same_arrays_give_the_same_bytes()
    {
        var (a, b) = (NpyArray.From<float>([1, 2]), NpyArray.FromStrings(["p", "q"]));
        NpzArchive.Write(_folder.File("1.npz"), Arrays(("a", a), ("b", b)));
        NpzArchive.Write(_folder.File("2.npz"), Arrays(("b", b), ("a", a)));
        Assert.Equal(File.ReadAllBytes(_folder.File("1.npz")), File.ReadAllBytes(_folder.File("2.npz")));
    }

    [Fact]
    public void Keys_that_are_there_and_not_there()
    {
        NpzArchive.Write(_folder.File("a.npz"), Arrays(("a", NpyArray.From<byte>([1])), ("b", NpyArray.From<byte>([2]))));
        using var archive = NpzArchive.Open(_folder.File("a.npz"));
        Assert.True(archive.Contains("b"));
        Assert.False(archive.TryRead("c", out _));
        var exception = Assert.Throws<InvalidDataException>(() => archive.Read("c"));
        Assert.Contains("'c' among them, found a, b", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_a_path_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => NpzArchive.Write(_folder.File("a.npz"), Arrays(("../a", NpyArray.From<byte>([1])))));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("basicmotions.npz", "x", NpyType.Single, new[] { 80, 100, 6 })]
    [InlineData("ckpt_textgenrnn.npz", "rnn_1.kernel", NpyType.Single, new[] { 100, 512 })]
    [InlineData("fsdd_logmel64.npz", "x", NpyType.UInt8, new[] { 3000, 64, 64 })]
    [InlineData("grid_s1_digits.npz", "x", NpyType.UInt8, new[] { 1000, 6, 36, 48, 3 })]
    [InlineData("japanesevowels.npz", "x", NpyType.Single, new[] { 640, 29, 12 })]
    [InlineData("mnist10k.npz", "x", NpyType.UInt8, new[] { 10000, 28, 28 })]
    [InlineData("poly_jsb_chorales.npz", "x", NpyType.UInt8, new[] { 23134, 88 })]
    [InlineData("poly_nottingham.npz", "x", NpyType.UInt8, new[] { 266537, 88 })]
    [InlineData("poly_piano_midi.npz", "x", NpyType.UInt8, new[] { 103487, 88 })]
    [InlineData("surv_fight_160x120_sub96.npz", "x", NpyType.UInt8, new[] { 96, 6, 120, 160, 3 })]
    [InlineData("tinyshakespeare.npz", "x", NpyType.UInt8, new[] { 1115394 })]
    public void Real_files_read_whole(string file, string key, NpyType type, int[] shape)
    {
        using var archive = NpzArchive.Open(SharedData.Require(file));
        foreach (var name in archive.Names) archive.Read(name);
        var array = archive.Read(key);
        Assert.Equal(type, array.Type);
        Assert.Equal(shape, array.Shape);
    }

    [Fact]
    public void Fortran_order_of_a_real_file_gives_chords_of_few_notes()
    {
        using var archive = NpzArchive.Open(SharedData.Require("poly_jsb_chorales.npz"));
        var notes = archive.Read("x").As<byte>();
        // A chorale has up to four voices, and now and then a few notes more; columns read as rows would give hundreds at once.
        for (var step = 0; step < notes.Length / 88; step++)
        {
            var sounding = 0;
            foreach (var note in notes.Slice(step * 88, 88)) sounding += note;
            Assert.InRange(sounding, 0, 16);
        }
    }

    private static Dictionary<string, NpyArray> Arrays(params (string Name, NpyArray Array)[] arrays) =>
        arrays.ToDictionary(pair => pair.Name, pair => pair.Array);
}
