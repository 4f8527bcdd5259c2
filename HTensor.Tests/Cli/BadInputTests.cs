using HTensor.Core;
using HTensor.Tests.Core.IO;

namespace HTensor.Tests;

/// <summary>Whatever is wrong with a file, a model or a place is one line on stderr and exit code 2, before any work is done.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_is_missing() => Refused(_folder.In("absent.npz"), "expected a file or folder, found nothing at");

    [Fact]
    public void A_file_that_is_empty() => Refused(_folder.WriteFile("empty.npz"), "empty.npz");

    [Fact]
    public void A_file_that_is_no_npz() => Refused(_folder.WriteFile("text.npz", "label,value\n1,2\n"), "text.npz");

    [Fact]
    public void A_folder_instead_of_a_file() => Refused(_folder.Path, "expected x.npy, or a folder for each of two classes or more, found none");

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void A_file_that_was_cut_short(double part)
    {
        var whole = File.ReadAllBytes(TinySequences.Write(_folder.In("data.npz")));
        File.WriteAllBytes(_folder.In("cut.npz"), whole[..(int)(whole.Length * part)]);
        Refused(_folder.In("cut.npz"), "cut.npz");
    }

    [Fact]
    public void Pickled_values()
    {
        using (var zip = System.IO.Compression.ZipFile.Open(_folder.In("pickled.npz"), System.IO.Compression.ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("x.npy").Open())
            entry.Write(NpyBytes.Make(NpyBytes.Header("|O", "(1,)"), new byte[64]));
        Refused(_folder.In("pickled.npz"), "pickle");
    }

    [Fact]
    public void Values_of_another_type() =>
        Refused("x", NpyArray.From<short>(new short[TinySequences.Samples * 8], TinySequences.Samples, 2, 4), "expected uint8, float32 or float64, found Int16");

    [Fact]
    public void A_value_that_is_not_finite()
    {
        var values = TinySequences.Frames();
        values[0] = float.NaN;
        Refused("x", NpyArray.From<float>(values, TinySequences.Samples, TinySequences.Steps, TinySequences.Rows, TinySequences.Columns),
            "sample 0, step 0, value 0: expected a finite float, found NaN");
    }

    [Fact]
    public void A_label_out_of_range() => Refused("y", Integers(first: 3), "label of sample 0: expected 0 to 2, found 3");

    [Fact]
    public void A_length_beyond_the_steps() => Refused("lengths", Integers(first: 5, others: 1), "length of sample 0: expected 1 to 4, found 5");

    [Fact]
    public void A_key_that_is_missing() => Refused("split", null, "split");

    [Theory]
    [InlineData("--input-modes 4,5: expected a product of 24, the values of a frame 4x6, found 20; --input-modes auto would choose ", "--input-modes", "4,5")]
    [InlineData("--hidden-modes 4,5: expected a product of 16, the value of --hidden, found 20; --hidden-modes auto would choose 4,4", "--hidden", "16", "--hidden-modes", "4,5")]
    [InlineData("--rank: expected a whole number of at least 1, found \"0\"", "--rank", "0")]
    [InlineData("hierarchical Tucker, leaf rank of node {0}: expected a rank of 1 to 24, found 25", "--input-modes", "4,6", "--hidden-modes", "4,4", "--rank", "25")]
    [InlineData("tensor train, bond 0 between modes 0 and 1: expected a rank of 1 to 24, found 25", "--format", "tt", "--input-modes", "4,6", "--hidden-modes", "4,4", "--rank", "25")]
    [InlineData("preset ht-lstm-ucf11: input modes 8,10,10,9,8: expected a product of 24", "--preset", "ht-lstm-ucf11")]
    [InlineData("validation fraction", "--validation", "0.001")]
    public void A_model_that_does_not_fit(string expected, params string[] options) =>
        Assert.Contains(expected, Train(TinySequences.Write(_folder.In("data.npz")), options), StringComparison.Ordinal);

    [Fact]
    public void Frames_that_cannot_be_resized()
    {
        var flat = NpyArray.From<float>(TinySequences.Frames(), TinySequences.Samples, TinySequences.Steps, 24);
        Assert.Contains("expected frames [height, width]", Train(TinySequences.Write(_folder.In("data.npz"), "x", flat), "--resize", "8x8"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_folder_that_cannot_be_written()
    {
        var data = TinySequences.Write(_folder.In("data.npz"));
        var line = ToolRun.OfEngine("train", data, "--out", Path.Combine(data, "run")).RequireRefusal();
        Assert.Contains("expected a folder that can be written", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_cannot_be_resumed()
    {
        Assert.Contains("expected config.json, found none", ToolRun.OfEngine("train", "--resume", _folder.Path).RequireRefusal(), StringComparison.Ordinal);
        _folder.WriteFile("config.json", "{}");
        _folder.WriteFile("checkpoint.safetensors");
        Assert.Contains("expected an object under 'request'", ToolRun.OfEngine("train", "--resume", _folder.Path).RequireRefusal(), StringComparison.Ordinal);
        _folder.WriteFile("config.json", "{");
        Assert.Contains("config.json", ToolRun.OfEngine("train", "--resume", _folder.Path).RequireRefusal(), StringComparison.Ordinal);
        _folder.WriteFile("config.json", $$$"""{"request":{"data":"{{{TinySequences.Write(_folder.In("data.npz"))}}}"}}""");
        var broken = ToolRun.OfEngine("train", "--resume", _folder.Path);
        Assert.Equal(HTensor.Cli.ExitCode.WrongRequest, broken.ExitCode);
        Assert.Matches("^htensor: .*checkpoint.safetensors.*\n$", broken.Error);
    }

    [Fact]
    public void A_model_that_is_none()
    {
        var data = TinySequences.Write(_folder.In("data.npz"));
        Assert.Contains("text.safetensors", ToolRun.OfEngine("evaluate", _folder.WriteFile("text.safetensors", "no model"), data).RequireRefusal(), StringComparison.Ordinal);
        Assert.Contains("expected model.safetensors, found none", ToolRun.OfEngine("evaluate", _folder.Path, data).RequireRefusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_a_model_was_not_made_for()
    {
        var data = TinySequences.Write(_folder.In("data.npz"));
        Assert.Equal(0, ToolRun.OfEngine(["train", data, .. TinySequences.Small, "--epochs", "1", "--out", _folder.In("run")]).ExitCode);
        var wide = NpyArray.From<byte>(new byte[TinySequences.Samples * 96], TinySequences.Samples, 4, 4, 3, 2);
        var other = NpyArray.FromStrings(["top", "lower", "upper"]);
        var more = NpyArray.FromStrings(["top", "upper", "lower", "bottom"]);
        Evaluated("expected frames of 24 values, the model's input modes 4x6, found 8x8, 64 values (see --resize)", data, "--resize", "8x8");
        Evaluated("expected frames of 1 channels, as the model was trained, found 4x3x2, 24 values, 2 channels", TinySequences.Write(_folder.In("wide.npz"), "x", wide));
        Evaluated("class 1: expected \"upper\", the model's, found \"lower\"", TinySequences.Write(_folder.In("other.npz"), "class_names", other));
        Evaluated("expected at most 3 classes, the model's, found 4", TinySequences.Write(_folder.In("more.npz"), "class_names", more));

        void Evaluated(string expected, params string[] arguments) =>
            Assert.Contains(expected, ToolRun.OfEngine(["evaluate", _folder.In("run"), .. arguments]).RequireRefusal(), StringComparison.Ordinal);
    }

    private static NpyArray Integers(long first, long others = 0)
    {
        var values = new long[TinySequences.Samples];
        Array.Fill(values, others);
        values[0] = first;
        return NpyArray.From<long>(values);
    }

    private void Refused(string key, NpyArray? array, string expected) => Refused(TinySequences.Write(_folder.In("data.npz"), key, array), expected);

    private void Refused(string data, string expected) => Assert.Contains(expected, Train(data), StringComparison.Ordinal);

    private string Train(string data, params string[] options)
    {
        var line = ToolRun.OfEngine(["train", data, .. options, "--out", _folder.In("run")]).RequireRefusal();
        Assert.False(Directory.Exists(_folder.In("run")));
        return line;
    }
}
