using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using HTensor.Cli;
using HTensor.Core;

namespace HTensor.Tests;

/// <summary>Folders of frames by class, and the other kinds of data that the tool takes.</summary>
public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Frames_are_read_in_the_order_of_their_names()
    {
        Frame("left/clip1/f2.png", 2, 3, 3, (x, y, c) => 100 + 10 * y + x + c);
        Frame("left/clip1/f1.png", 2, 3, 3, (x, y, c) => 10 * y + x + c);
        Frame("right/clip1/f1.png", 2, 3, 1, (x, y, _) => 7);
        Frame("right/clip2/f1.png", 2, 3, 3, (_, _, _) => 9);
        Frame("left/clip2/f1.png", 2, 3, 3, (_, _, _) => 9);
        _folder.WriteFile("left/clip2/notes.txt");
        foreach (var clip in (string[])["left/c3", "left/c4", "left/c5", "right/c3", "right/c4", "right/c5"]) Frame($"{clip}/0.PNG", 2, 3, 3, (_, _, _) => 1);
        var data = ImageFolder.Load(_folder.Path, seed: 1);
        Assert.Equal(["left", "right"], data.ClassNames);
        Assert.Equal([3, 2, 3], data.FrameShape);
        Assert.Equal((2, 10, 8, 2), (data.Source.Steps, data.Source.Count, data.TrainIndices.Length, data.TestIndices.Length));
        var clip1 = Enumerable.Range(0, 10).Single(sample => data.Source.Length(sample) == 2);
        byte[] first = [0, 1, 2, 1, 2, 3, 10, 11, 12, 11, 12, 13, 20, 21, 22, 21, 22, 23];
        Assert.Equal([.. first, .. first.Select(value => (byte)(value + 100))], data.Source.Read(clip1, default).ToArray());
        var grey = Enumerable.Range(0, 10).Single(sample => data.Source.Read(sample, default).Span[0] == 7);
        Assert.Equal(1, data.Source.Label(grey));
        Assert.True(data.Source.Read(grey, default).Span[..18].IndexOfAnyExcept((byte)7) < 0);

        // The same bytes where clips are decoded each time.
        string[][] files = [[_folder.In("left/clip1/f1.png"), _folder.In("left/clip1/f2.png")], [_folder.In("right/clip1/f1.png")]];
        var source = new ImageFolderSource(files, [0, 1]);
        Assert.Equal([.. first, .. first.Select(value => (byte)(value + 100))], source.Read(0, new byte[36]).ToArray());
        Assert.True(source.Read(1, Enumerable.Repeat((byte)5, 36).ToArray()).Span[18..].IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void A_jpeg_is_read_and_splits_are_folders()
    {
        foreach (var place in (string[])["train/a/1", "train/b/1", "validation/a/2", "test/b/2"])
        {
            Directory.CreateDirectory(_folder.In(place));
            File.WriteAllBytes(_folder.In($"{place}/frame.jpg"), Jpeg());
        }

        var data = ImageFolder.Load(_folder.Path, seed: 1);
        Assert.Equal([8, 8], data.FrameShape);
        Assert.Equal("0, 1; 2; 3", $"{string.Join(", ", data.TrainIndices)}; {string.Join(", ", data.ValidationIndices)}; {string.Join(", ", data.TestIndices)}");
        Assert.True(data.Source.Read(3, default).Span.IndexOfAnyExcept((byte)128) < 0);
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        Refused("expected x.npy, or a folder for each of two classes or more, found none");
        Directory.CreateDirectory(_folder.In("a/clip"));
        Refused("expected x.npy, or a folder for each of two classes or more, found a");
        Directory.CreateDirectory(_folder.In("b"));
        Refused("clip: expected frames (.png, .jpg, .jpeg), found none");
        Frame("a/clip/1.png", 4, 4, 3, (_, _, _) => 0);
        Frame("b/clip/1.png", 4, 5, 3, (_, _, _) => 0);
        Refused("1.png: expected 4x4 pixels, as the first frame has, found 4x5");
        File.WriteAllText(_folder.In("b/clip/1.png"), "no image");
        Refused("1.png: expected a PNG or JPEG image, found another file");
        Frame("b/clip/1.png", 4, 4, 3, (_, _, _) => 0);
        var whole = File.ReadAllBytes(_folder.In("b/clip/1.png"));
        File.WriteAllBytes(_folder.In("b/clip/1.png"), [.. whole[..41], 0xFF, 0xFF, .. whole[43..]]);
        Refused("1.png: expected a whole PNG or JPEG image, found a fault in it");
        var huge = (byte[])whole.Clone();
        BinaryPrimitives.WriteInt32BigEndian(huge.AsSpan(16), 1 << 20);
        BinaryPrimitives.WriteInt32BigEndian(huge.AsSpan(20), 1 << 20);
        File.WriteAllBytes(_folder.In("b/clip/1.png"), huge);
        Refused("1.png");
    }

    [Fact]
    public void The_tool_trains_on_images_csv_and_folders_of_arrays()
    {
        for (var clip = 0; clip < 12; clip++) Frame($"video/{(clip % 2 == 0 ? "dark" : "light")}/{clip}/1.png", 4, 4, 1, (_, _, _) => 20 + clip % 2 * 200);
        var csv = _folder.WriteFile("data.csv", "class,a,b\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{(i % 2 == 0 ? "low" : "high")},{i % 2},{i % 2 + 0.5}\n")));
        Directory.CreateDirectory(_folder.In("arrays"));
        foreach (var (name, array) in TinySequences.Good()) NpyFile.Write(_folder.In($"arrays/{name}.npy"), array);
        foreach (var data in (string[])[_folder.In("video"), csv, _folder.In("arrays")])
        {
            string[] options = ["--hidden", "4", "--format", "dense", "--epochs", "2", "--batch", "4", "--validation", "0.2", "--class-weights", "balanced", "--out", _folder.In("run")];
            var run = ToolRun.OfEngine(["train", data, .. options, "--json"]);
            Assert.True(run.ExitCode == 0, run.Error);
            var predicted = ToolRun.OfEngine("predict", _folder.In("run"), data, "--out", _folder.In("p.npy"), "--json");
            Assert.True(predicted.ExitCode == 0, predicted.Error);
            using var json = JsonDocument.Parse(predicted.Output);
            Assert.Equal(data == csv ? 20 : data.EndsWith("video", StringComparison.Ordinal) ? 12 : 60, json.RootElement.GetProperty("count").GetInt32());
        }
    }

    private void Refused(string part)
    {
        var line = ToolRun.OfEngine("train", _folder.Path, "--out", _folder.In("run")).RequireRefusal();
        Assert.Contains(part, line, StringComparison.Ordinal);
    }

    private void Frame(string path, int width, int height, int channels, Func<int, int, int, int> value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.In(path))!);
        using var rows = new MemoryStream();
        using (var zlib = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                for (var i = 0; i < width * channels; i++) zlib.WriteByte((byte)value(i / channels, y, i % channels));
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, (byte)(channels == 3 ? 2 : 0));
        File.WriteAllBytes(_folder.In(path), [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", rows.ToArray()), .. Chunk("IEND", [])]);
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(name), .. data];
        var chunk = new byte[8 + named.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        named.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + named.Length), Crc32.Of(named));
        return chunk;
    }

    /// <summary>A baseline JPEG of one grey block, every coefficient 0: 8x8 pixels of 128.</summary>
    private static byte[] Jpeg() => Convert.FromHexString(
        "FFD8FFDB004300" + string.Concat(Enumerable.Repeat("01", 64)) + "FFC0000B0800080008010111 00".Replace(" ", "", StringComparison.Ordinal) +
        "FFC4001400" + "01" + new string('0', 30) + "00" + "FFC4001410" + "01" + new string('0', 30) + "00" + "FFDA0008010100003F003FFFD9");
}
