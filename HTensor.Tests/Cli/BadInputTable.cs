using System.IO.Compression;
using System.Text;
using HTensor.Cli;
using HTensor.Core;
using HTensor.Onnx;
using HTensor.Rnn;
using HTensor.Tests.Core.IO;

namespace HTensor.Tests;

/// <summary>
/// docs/bad-input.md: what is wrong with a request or a file, and the line that the tool gives. Each line is what the tool says now; where the
/// document differs the test fails, and with HTENSOR_WRITE_DOCS=1 it writes the document.
/// </summary>
public sealed class BadInputTable : IDisposable
{
    private const string Write = "HTENSOR_WRITE_DOCS";

    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _text = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_document_says_what_the_tool_says()
    {
        _text.Append("# Bad input\n\nWhat is wrong, and the line that the tool gives on stderr. The exit code is 2, that of a wrong request, unless a row says otherwise.\n");
        _text.Append("A test makes this table and fails where it differs from what the tool says: `HTENSOR_WRITE_DOCS=1 dotnet test -c Release -- --filter-class \"*BadInputTable\"` writes it.\n");
        Requests();
        Files();
        Arrays();
        Others();
        Models();
        Foreign();
        Tensors();
        var path = Path.Combine(Repository.Root(), "docs", "bad-input.md");
        if (Environment.GetEnvironmentVariable(Write) == "1") File.WriteAllText(path, _text.ToString());
        Assert.Equal(File.ReadAllText(path), _text.ToString());
    }

    private void Requests()
    {
        Section("Requests");
        Row("no verb");
        Row("a verb that is none", "trian");
        Row("an option that is none", "train", "--epoch", "3");
        Row("an argument too many", "plan", "data.npz");
        Row("a file that is missing", "train", "absent.npz");
        Row("a number out of range", "train", "--epochs", "0");
        Row("no number", "train", "--learning-rate", "fast");
        Row("a word that is none of the choices", "train", "--format", "htt");
        Row("modes that are none", "train", "--input-modes", "8x10");
        Row("a size that is none", "train", "--resize", "160");
        Row("a preset that is none", "plan", "--preset", "lstm");
        Good();
        Row("input modes of another product", "train", "data.npz", "--input-modes", "4,5");
        Row("hidden modes of another product", "train", "data.npz", "--hidden", "16", "--hidden-modes", "4,5");
        Row("a rank above what the modes allow", "train", "data.npz", "--input-modes", "4,6", "--hidden-modes", "4,4", "--rank", "25");
        Row("a tree that does not close", "train", "data.npz", "--tree", "((0,1)");
        Row("a validation part of no sample", "train", "data.npz", "--validation", "0.001");
        Row("a run folder below a file", "train", "data.npz", "--out", "data.npz/run");
        Row("a run that is none", "train", "--resume", "absent");
        Row("a place that is none", "predict", "data.npz", "data.npz", "--out", "absent/p.npy");
        Row("windows where one step is read", "train", "data.npz", "--truncate-steps", "2");
        Row("windows of what is read backwards", "train", "data.npz", "--readout", "step", "--truncate-steps", "2", "--bidirectional");
        Row("windows and streams of symbols", "train", "data.npz", "--task", "next-symbol", "--window", "8", "--truncate-steps", "8");
        Row("a window of what has no symbols", "train", "data.npz", "--window", "8");
        Row("weights of classes where there are none", "train", "data.npz", "--task", "regression", "--class-weights", "balanced");
        Row("one read-out of what is predicted at every step", "train", "data.npz", "--task", "next-notes", "--readout", "mean");
        Row("a model to start from that is missing", "train", "data.npz", "--init", "absent");
    }

    private void Files()
    {
        Section("Data: files");
        Data("an empty file", _ => _folder.WriteFile("data.npz"));
        Data("text", _ => _folder.WriteFile("data.npz", "label,value\n"));
        Data("a single npy", _ => NpyFile.Write(_folder.In("data.npz"), NpyArray.From<byte>([1, 2])));
        Data("a file cut short", good => File.WriteAllBytes(_folder.In("data.npz"), File.ReadAllBytes(good)[..1000]));
        Data("a byte changed", good =>
        {
            var bytes = File.ReadAllBytes(good);
            bytes[2000] ^= 1;
            File.WriteAllBytes(good, bytes);
        });
        Data("pickled objects", _ =>
        {
            File.Delete(_folder.In("data.npz"));
            using var zip = ZipFile.Open(_folder.In("data.npz"), ZipArchiveMode.Create);
            using var entry = zip.CreateEntry("x.npy").Open();
            entry.Write(NpyBytes.Make(NpyBytes.Header("|O", "(1,)"), new byte[64]));
        });
        Data("big-endian values", _ =>
        {
            File.Delete(_folder.In("data.npz"));
            using var zip = ZipFile.Open(_folder.In("data.npz"), ZipArchiveMode.Create);
            using var entry = zip.CreateEntry("x.npy").Open();
            entry.Write(NpyBytes.Make(NpyBytes.Header(">f4", "(1, 1, 1)"), new byte[4]));
        });
    }

    private void Arrays()
    {
        Section("Data: arrays");
        Array("a key that is missing", "split", null);
        Array("values of another type", "x", NpyArray.From<short>(new short[60 * 96], 60, 4, 24));
        Array("values without steps", "x", NpyArray.From<byte>(new byte[60 * 24], 60, 24));
        var nan = TinySequences.Frames();
        nan[3] = float.NaN;
        Array("a value that is not finite", "x", NpyArray.From<float>(nan, 60, 4, 4, 6));
        Array("a label out of range", "y", Integers(7));
        Array("labels of another number", "y", NpyArray.From<long>([0, 1, 2]));
        Array("labels that are no integers", "y", NpyArray.From<double>(new double[60]));
        Array("a length beyond the steps", "lengths", Integers(5, 1));
        Array("one class alone", "y", Integers(0));
        Array("no test samples", "split", Integers(0));
        Array("a split that is none", "split", Integers(3));
        Array("class names that repeat", "class_names", NpyArray.FromStrings(["up", "up", "down"]));
        Array("groups of another number", "group", NpyArray.From<long>([0, 1]));
    }

    private void Others()
    {
        Section("Data: CSV and images");
        Csv("no class", "a,b\n1,2\n");
        Csv("a row too short", "class,a\nup,1\ndown\n");
        Csv("no number", "class,a\nup,1\ndown,one\n");
        Csv("a quote that is open", "class,a\n\"up,1\n");
        Csv("one class alone", "class,a\nup,1\nup,2\n");
        Directory.CreateDirectory(_folder.In("video"));
        Row("a folder of nothing", "train", "video");
        Directory.CreateDirectory(_folder.In("video/dark/1"));
        Directory.CreateDirectory(_folder.In("video/light/1"));
        Row("a clip without frames", "train", "video");
        _folder.WriteFile("video/dark/1/1.png", "no image");
        _folder.WriteFile("video/light/1/1.png", "no image");
        Row("a frame that is no image", "train", "video");
    }

    private void Models()
    {
        Section("Models and runs");
        var good = Good();
        string[] train = ["train", good, .. TinySequences.Small, "--epochs", "1", "--out", _folder.In("run")];
        Assert.Equal(0, ToolRun.OfEngine(train).ExitCode);
        var model = _folder.In("run/model.safetensors");
        Row("a start of other shapes", "train", "data.npz", "--hidden", "16", "--rank", "1", "--init", "run");
        Row("a start of another cell", "train", "data.npz", "--cell", "rnn", "--init", "run");
        Row("a start of another task", "train", "data.npz", "--task", "regression", "--init", "run");
        Row("a start that reads out elsewhere", "train", "data.npz", "--readout", "mean", "--init", "run");
        Row("frames of another size", "evaluate", "run", "data.npz", "--resize", "8x8");
        Row("an option of a run made another", "train", "--resume", "run", "--epochs", "5");
        var other = TinySequences.Good();
        other["class_names"] = NpyArray.FromStrings(["top", "lower", "upper"]);
        NpzArchive.Write(_folder.In("other.npz"), other);
        Row("classes in another order", "evaluate", "run", "other.npz");
        Compression();
        _folder.WriteFile("text.safetensors", "no model");
        Row("text", "evaluate", "text.safetensors", "data.npz");
        File.WriteAllBytes(_folder.In("cut.safetensors"), File.ReadAllBytes(model)[..^100]);
        Row("a model cut short", "evaluate", "cut.safetensors", "data.npz");
        var file = SafetensorsFile.Read(model);
        SafetensorsFile.Write(_folder.In("plain.safetensors"), file.Tensors);
        Row("tensors that are no model", "evaluate", "plain.safetensors", "data.npz");
        SafetensorsFile.Write(_folder.In("newer.safetensors"), file.Tensors,
            new Dictionary<string, string> { ["htensor"] = file.Metadata["htensor"].Replace("\"version\":1", "\"version\":99", StringComparison.Ordinal) });
        Row("a model of a newer version", "evaluate", "newer.safetensors", "data.npz");
        SafetensorsFile.Write(_folder.In("less.safetensors"), file.Tensors.Where(pair => pair.Key != "readout.bias").ToDictionary(), file.Metadata);
        Row("a tensor that is missing", "evaluate", "less.safetensors", "data.npz");
        File.Copy(model, _folder.In("run/checkpoint.safetensors"), overwrite: true);
        Row("a checkpoint that is a model", "train", "--resume", "run");
        Row("a learning rate that diverges (exit code 1)", ["train", "data.npz", .. TinySequences.Small, "--learning-rate", "1e30", "--out", "spoilt"]);
    }

    private void Foreign()
    {
        Section("Models of other programs");
        static SafetensorsTensor Zeros(params int[] shape) => SafetensorsTensor.From<float>(new float[shape.Aggregate(1, (a, b) => a * b)], shape);
        static Dictionary<string, SafetensorsTensor> Layer(int hidden = 8) => new() { ["weight_ih_l0"] = Zeros(4 * hidden, 24), ["weight_hh_l0"] = Zeros(4 * hidden, hidden) };
        string[] verbs = ["predict", "export", "compress"];
        void PyTorch(string wrong, Dictionary<string, SafetensorsTensor> tensors)
        {
            SafetensorsFile.Write(_folder.In("pytorch.safetensors"), tensors);
            InTurn(wrong, "pytorch.safetensors");
        }

        // The three verbs read models through one reader: they are asked in turn.
        var rows = 0;
        void InTurn(string wrong, string file, params string[] options) => Row(wrong, Asked(verbs[rows++ % verbs.Length], file, options));

        SafetensorsFile.Write(_folder.In("pytorch.safetensors"), Layer());
        File.WriteAllBytes(_folder.In("pytorch.safetensors"), File.ReadAllBytes(_folder.In("pytorch.safetensors"))[..^100]);
        InTurn("a file cut short", "pytorch.safetensors");
        PyTorch("a tensor that is missing", Layer().Where(pair => pair.Key != "weight_hh_l0").ToDictionary());
        PyTorch("a tensor of another shape", new(Layer()) { ["weight_hh_l0"] = Zeros(32, 9) });
        PyTorch("two networks", new(Layer()) { ["other.weight_ih_l0"] = Zeros(32, 24), ["other.weight_hh_l0"] = Zeros(32, 8) });
        PyTorch("weights that are not finite", new(Layer()) { ["weight_hh_l0"] = SafetensorsTensor.From<float>([.. Enumerable.Repeat(float.NaN, 256)], 32, 8) });
        SafetensorsFile.Write(_folder.In("pytorch.safetensors"), Layer());
        InTurn("a name that is none", "pytorch.safetensors", "--node", "encoder");
        byte[] claims = [.. BitConverter.GetBytes(1L << 60), (byte)'{'];
        File.WriteAllBytes(_folder.In("huge.safetensors"), claims);
        InTurn("a header that claims 2^60 bytes", "huge.safetensors");
        NpzArchive.Write(_folder.In("keras.npz"), new Dictionary<string, NpyArray> { ["lstm.kernel"] = NpyArray.From<float>(new float[24 * 32], 24, 32) });
        InTurn("a kernel alone", "keras.npz");
        InTurn("an npz of data", "data.npz");
        File.WriteAllBytes(_folder.In("keras.npz"), File.ReadAllBytes(_folder.In("keras.npz"))[..^30]);
        InTurn("an archive cut short", "keras.npz");
        OnnxExport.Write(SequenceClassifier.Load(_folder.In("dense.safetensors")), _folder.In("whole.onnx"));
        var onnx = File.ReadAllBytes(_folder.In("whole.onnx"));
        File.WriteAllBytes(_folder.In("cut.onnx"), onnx[..^100]);
        InTurn("ONNX cut short", "cut.onnx");
        _folder.WriteFile("text.onnx", "no model");
        InTurn("text that is no ONNX", "text.onnx");
        InTurn("a node that is none", "whole.onnx", "--node", "encoder");
        Row("nothing to write", "export", "pytorch.safetensors");
        Row("states of what reads backwards", "export", Bidirectional(), "--onnx", "m.onnx", "--streaming");
        Row("PyTorch's names for a GRU that PyTorch has not", "export", Gru(), "--safetensors", "m.safetensors");
        Row("frames of another size for a layer", "predict", "pytorch.safetensors", "wide.npz", "--out", "p.npy");
        Row("a model to start from, cut short", "train", "data.npz", "--init", "cut.onnx");
        Assert.False(File.Exists(_folder.In("m.onnx")) || File.Exists(_folder.In("m.safetensors")) || File.Exists(_folder.In("small.safetensors")));
    }

    private static string[] Asked(string verb, string file, string[] options) => verb switch
    {
        "predict" => [verb, file, "data.npz", .. options, "--out", "p.npy"],
        "export" => [verb, file, .. options, "--onnx", "m.onnx"],
        _ => [verb, file, .. options, "--ratio", "2", "--out", "small.safetensors"],
    };

    private string Bidirectional() => Saved("both.safetensors", new ModelOptions { InputModes = [4, 6], HiddenModes = [8], Direction = Direction.Bidirectional, Classes = ["top", "upper", "lower"] });

    private string Gru() => Saved("gru.safetensors", new ModelOptions { InputModes = [4, 6], HiddenModes = [8], Cell = CellKind.Gru, Reset = GruReset.Before, Classes = ["top", "upper", "lower"] });

    private string Saved(string name, ModelOptions options)
    {
        SequenceClassifier.Create(options).Save(_folder.In(name));
        return name;
    }

    private void Tensors()
    {
        Section("Tensors");
        NpyFile.Write(_folder.In("x.npy"), NpyArray.From<double>([1, 2, 3, 4, 5, 6, 7, 8], 2, 2, 2));
        Row("nothing says how far", "decompose", "x.npy", "--out", "t.safetensors");
        Row("two tolerances", "decompose", "x.npy", "--out", "t.safetensors", "--tolerance", "0.1", "--absolute-tolerance", "1");
        Row("a tolerance that is negative", "decompose", "x.npy", "--out", "t.safetensors", "--tolerance=-0.1");
        Row("a tolerance that is no number", "decompose", "x.npy", "--out", "t.safetensors", "--tolerance", "NaN");
        Row("a rank below 1", "decompose", "x.npy", "--out", "t.safetensors", "--max-rank", "0");
        Row("a format that is none", "decompose", "x.npy", "--out", "t.safetensors", "--tolerance", "0.1", "--format", "cp");
        Row("a tree that misses a mode", "decompose", "x.npy", "--out", "t.safetensors", "--tolerance", "0.1", "--tree", "(0,1)");
        Row("a tree that names a mode twice", "decompose", "x.npy", "--out", "t.safetensors", "--tolerance", "0.1", "--tree", "((0,1),1)");
        Row("a tree beside a train", "decompose", "x.npy", "--out", "t.safetensors", "--tolerance", "0.1", "--format", "tt", "--tree", "linear");
        Row("no folder to write into", "decompose", "x.npy", "--out", "absent/t.safetensors", "--tolerance", "0.1");
        NpyFile.Write(_folder.In("nan.npy"), NpyArray.From<float>([1, 2, float.NaN, 4], 2, 2));
        Row("a value that is not finite", "decompose", "nan.npy", "--out", "t.safetensors", "--tolerance", "0.1");
        NpyFile.Write(_folder.In("int.npy"), NpyArray.From<int>([1, 2, 3, 4], 2, 2));
        Row("values of another type", "decompose", "int.npy", "--out", "t.safetensors", "--tolerance", "0.1");
        NpyFile.Write(_folder.In("empty.npy"), NpyArray.From<double>([], 2, 0));
        Row("no values", "decompose", "empty.npy", "--out", "t.safetensors", "--tolerance", "0.1");
        File.WriteAllBytes(_folder.In("cut.npy"), File.ReadAllBytes(_folder.In("x.npy"))[..150]);
        Row("an array cut short", "decompose", "cut.npy", "--out", "t.safetensors", "--tolerance", "0.1");
        File.WriteAllBytes(_folder.In("huge.npy"), NpyBytes.Make(NpyBytes.Header("<f8", "(4294967296, 4294967296, 2)"), new byte[64]));
        Row("sizes whose product overflows", "decompose", "huge.npy", "--out", "t.safetensors", "--tolerance", "0.1");
        Assert.False(File.Exists(_folder.In("t.safetensors")));
        Assert.Equal(0, ToolRun.OfEngine("decompose", _folder.In("x.npy"), "--out", _folder.In("t.safetensors"), "--tolerance", "0.1").ExitCode);
        Row("a tensor that is no model", "evaluate", "t.safetensors", "data.npz");
        Row("an array that is no tensor", "reconstruct", "x.npy", "--out", "y.npy");
        File.WriteAllBytes(_folder.In("cut.safetensors"), File.ReadAllBytes(_folder.In("t.safetensors"))[..^8]);
        Row("a tensor cut short", "reconstruct", "cut.safetensors", "--out", "y.npy");
        Assert.False(File.Exists(_folder.In("y.npy")));
    }

    private void Compression()
    {
        SequenceClassifier.Create(new ModelOptions { InputModes = [4, 6], HiddenModes = [8], Classes = ["top", "upper", "lower"] }).Save(_folder.In("dense.safetensors"));
        Compress("no goal", "dense.safetensors");
        Compress("two goals", "dense.safetensors", "--ratio", "4", "--rank", "2");
        Compress("a tolerance that is no number", "dense.safetensors", "--tolerance", "NaN");
        Compress("a ratio that the format cannot reach", "dense.safetensors", "--format", "lowrank", "--ratio", "100");
        Compress("a budget too small", "dense.safetensors", "--format", "bt", "--parameters", "10");
        Compress("a model that is compressed already", "run", "--ratio", "2");
        Compress("a format for what is one", "dense.safetensors", "--joint", "--recurrent-format", "tt", "--ratio", "2");
        Compress("hidden modes of another product of a model", "dense.safetensors", "--hidden-modes", "3,3", "--ratio", "2");
        TinySequences.Write(_folder.In("wide.npz"), "x", NpyArray.From<byte>(new byte[60 * 4 * 30], 60, 4, 30));
        Compress("calibration of another size", "dense.safetensors", "--ratio", "2", "--calibrate", "wide.npz");
        Compress("no place for the compressed model", "dense.safetensors", "--ratio", "2", "--out", "absent/small.safetensors");
    }

    private void Compress(string wrong, params string[] arguments) =>
        Row(wrong, arguments.Contains("--out") ? ["compress", .. arguments] : ["compress", .. arguments, "--out", "small.safetensors"]);

    private void Section(string name) => _text.Append($"\n## {name}\n\n| wrong | request | line |\n|---|---|---|\n");

    private void Array(string wrong, string key, NpyArray? array)
    {
        TinySequences.Write(_folder.In("data.npz"), key, array);
        Row(wrong, "train", "data.npz");
    }

    private void Csv(string wrong, string text)
    {
        _folder.WriteFile("data.csv", text);
        Row(wrong, "train", "data.csv");
    }

    private void Data(string wrong, Action<string> spoil)
    {
        spoil(Good());
        Row(wrong, "train", "data.npz");
    }

    private string Good() => TinySequences.Write(_folder.In("data.npz"));

    /// <summary>Arguments that name something in the folder, or would, are given and shown without it.</summary>
    private void Row(string wrong, params string[] arguments)
    {
        string[] given = [.. arguments.Select(argument => argument.Contains('.', StringComparison.Ordinal) && char.IsAsciiLetter(argument[0]) || argument is "run" or "video" or "absent" or "spoilt" ? _folder.In(argument) : argument)];
        if (given is ["train", ..] && !given.Contains("--out") && !given.Contains("--resume")) given = [.. given, "--out", _folder.In("new")];
        var run = ToolRun.OfEngine(given);
        Assert.Equal(wrong.Contains("exit code 1", StringComparison.Ordinal) ? ExitCode.RunFailed : ExitCode.WrongRequest, run.ExitCode);
        var line = run.Error.TrimEnd();
        Assert.DoesNotContain('\n', line);
        _text.Append($"| {wrong} | `{string.Join(' ', ["htensor", .. arguments])}` | `{line.Replace(_folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)}` |\n");
    }

    private static NpyArray Integers(long first, long others = 0)
    {
        var values = new long[TinySequences.Samples];
        System.Array.Fill(values, others);
        values[0] = first;
        return NpyArray.From<long>(values);
    }
}
