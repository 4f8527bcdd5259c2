using System.Text.Json;
using HTensor.Cli;
using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Tests;

/// <summary>The verbs <c>predict</c> and <c>inspect</c>, and the examples of every verb's help.</summary>
public sealed class PredictAndInspectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Predictions_are_the_models_own_and_need_neither_labels_nor_split()
    {
        var model = Model(WeightFormat.HierarchicalTucker(2, 3));
        var bare = _folder.In("bare.npz");
        NpzArchive.Write(bare, TinySequences.Good().Where(pair => pair.Key is "x" or "lengths").ToDictionary());
        var json = Json(ToolRun.OfEngine("predict", _folder.In("model"), bare, "--out", _folder.In("p.npy"), "--json"));
        Assert.Equal((60, "[60,3]"), (json.GetProperty("count").GetInt32(), json.GetProperty("shape").GetRawText()));
        var data = SequenceData.Load(TinySequences.Write(_folder.In("data.npz")));
        var written = NpyFile.Read(_folder.In("p.npy"));
        Assert.Equal([60, 3], written.Shape);
        Assert.Equal(model.Predict(new SequenceSet(data.Source, Enumerable.Range(0, 60).ToArray())), written.As<float>().ToArray());
    }

    [Fact]
    public void What_cannot_be_predicted_is_refused_before_the_work()
    {
        Model(WeightFormat.Dense);
        var data = TinySequences.Write(_folder.In("data.npz"));
        Refused("--out", "expected a folder that is there, found none at", "predict", _folder.In("model"), data, "--out", _folder.In("none/p.npy"));
        Refused("--out", "expected a file to write, found a folder", "predict", _folder.In("model"), data, "--out", _folder.Path);
        Refused("data.npz", "expected frames of 24 values", "predict", _folder.In("model"), data, "--out", _folder.In("p.npy"), "--resize", "8x8");
        Refused("--out", "required", "predict", _folder.In("model"), data);
        Assert.False(File.Exists(_folder.In("p.npy")));

        void Refused(string what, string part, params string[] arguments)
        {
            var line = ToolRun.OfEngine(arguments).RequireRefusal();
            Assert.Contains(what, line, StringComparison.Ordinal);
            Assert.Contains(part, line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_model_is_shown_with_its_tree_ranks_and_cores()
    {
        var model = Model(WeightFormat.HierarchicalTucker(2, 3));
        var json = Json(ToolRun.OfEngine("inspect", _folder.In("model"), "--json"));
        Assert.Equal(("ht", "((0,1),2)"), (json.GetProperty("format").GetString(), json.GetProperty("tree").GetString()));
        Assert.Equal("""{"leaf":[2,2,2],"inner":{"0,1":3}}""", json.GetProperty("ranks").GetRawText());
        Assert.Equal(model.Counts.Input, json.GetProperty("inputParameters").GetInt64());
        Assert.Equal(model.Counts.Input, json.GetProperty("cores").EnumerateArray().Sum(core => core.GetProperty("count").GetInt64()));
        Assert.Equal(model.Counts.Model, json.GetProperty("tensors").EnumerateArray().Sum(tensor => tensor.GetProperty("count").GetInt64()));
        Assert.Equal(model.Parameters.Sha256(), json.GetProperty("weightsSha256").GetString());
        var text = ToolRun.OfEngine("inspect", _folder.In("model")).Output;
        Assert.Contains("{0,1,2} rank 1, B0,1,2 [3, 2]", text, StringComparison.Ordinal);
        Assert.Contains("{1} n 3, m 2, rank 2, U1 [3, 2, 2]", text, StringComparison.Ordinal);
        Assert.All(text.Split(Environment.NewLine), line => Assert.InRange(line.Length, 0, 80));
    }

    [Theory]
    [InlineData("gru")]
    [InlineData("stack")]
    [InlineData("joint")]
    public void Every_layer_and_direction_is_shown(string what)
    {
        var plain = new ModelOptions { InputModes = [4, 3, 2], HiddenModes = [2, 2, 2], InputWeights = WeightFormat.HierarchicalTucker(2, 3), Classes = ["a", "b"] };
        var (options, names, trees) = what switch
        {
            "gru" => (plain with { Cell = CellKind.Gru, Reset = GruReset.After, RecurrentWeights = WeightFormat.HierarchicalTucker(2, 2), Front = FrontLayer.Dense(9) }, (string[])["input", "recurrent"], 2),
            "stack" => (plain with { Layers = 2, Direction = Direction.Bidirectional, RecurrentWeights = WeightFormat.TensorTrain(2) }, ["input", "recurrent", "reverse.input", "reverse.recurrent", "layer1.input", "layer1.recurrent", "layer1.reverse.input", "layer1.reverse.recurrent"], 4),
            _ => (plain with { Coupling = WeightCoupling.Joint, Layers = 2 }, ["joint", "layer1.joint"], 2),
        };
        var model = SequenceClassifier.Create(options);
        model.Save(_folder.In("model"));
        var json = Json(ToolRun.OfEngine("inspect", _folder.In("model"), "--json"));
        var matrices = json.GetProperty("matrices").EnumerateArray().ToArray();
        Assert.Equal(names, matrices.Select(matrix => matrix.GetProperty("name").GetString()));
        Assert.All(matrices, matrix => Assert.Equal(matrix.GetProperty("parameters").GetInt64(), matrix.GetProperty("cores").EnumerateArray().Sum(core => core.GetProperty("count").GetInt64())));
        Assert.Equal((options.Layers, options.Direction.ToString().ToLowerInvariant(), "class"), (json.GetProperty("layers").GetInt32(), json.GetProperty("direction").GetString(), json.GetProperty("task").GetString()));
        Assert.Equal(what == "gru", json.TryGetProperty("front", out _));
        Assert.Equal((options.Cell.ToString().ToLowerInvariant(), what == "joint" ? "joint" : options.RecurrentWeights.Name), (json.GetProperty("cell").GetString(), json.GetProperty("recurrentFormat").GetString()));
        var text = ToolRun.OfEngine("inspect", _folder.In("model")).Output;
        Assert.Equal(trees, text.Split("{0,1,2} rank 1").Length - 1);
        Assert.All(text.Split(Environment.NewLine), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void Formats_without_a_tree_have_bonds()
    {
        Model(WeightFormat.TensorTrain(2));
        var json = Json(ToolRun.OfEngine("inspect", _folder.In("model"), "--json"));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("tree").ValueKind);
        Assert.Equal("""{"r0":2,"r1":2}""", json.GetProperty("ranks").GetRawText());
    }

    [Fact]
    public void Every_matrix_of_a_model_is_shown()
    {
        var padded = WeightFormat.OverModes(WeightFormat.HierarchicalTucker([5, 5], "(0,1)", IdentityFrames.LeftOut), [5, 5], [4, 8]);
        SequenceClassifier.Create(new ModelOptions
        {
            InputModes = [4, 3, 2],
            HiddenModes = [2, 2, 2],
            Cell = CellKind.Lstm,
            LayerFormats = [new(padded, WeightFormat.LowRank(2))],
            Classes = ["top", "upper", "lower"],
        }).Save(_folder.In("model"));
        var json = Json(ToolRun.OfEngine("inspect", _folder.In("model"), "--json"));
        Assert.Equal(("ht", "lowrank"), (json.GetProperty("format").GetString(), json.GetProperty("recurrentFormat").GetString()));
        JsonElement[] matrices = [.. json.GetProperty("matrices").EnumerateArray()];
        Assert.Equal(["input", "recurrent"], matrices.Select(matrix => matrix.GetProperty("name").GetString()));
        Assert.Equal((1, 24 * 32, 5 * 4 * 5 + 5 * 8 * 5), (matrices[0].GetProperty("padding").GetInt32(), matrices[0].GetProperty("denseParameters").GetInt32(), matrices[0].GetProperty("parameters").GetInt32()));
        Assert.Equal("""{"r":2}""", matrices[1].GetProperty("ranks").GetRawText());
        var text = ToolRun.OfEngine("inspect", _folder.In("model")).Output;
        Assert.Contains("{0,1} rank 1, in a child's core", text, StringComparison.Ordinal);
        Assert.Contains("padding", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_file_of_tensors_is_listed()
    {
        SafetensorsFile.Write(_folder.In("plain"), new Dictionary<string, SafetensorsTensor> { ["a"] = SafetensorsTensor.From<double>([1, 2], 2) });
        NpyFile.Write(_folder.In("x.npy"), NpyArray.From<long>([1, 2, 3, 4, 5, 6], 3, 2));
        Assert.Equal("""{"format":"safetensors","storedNumbers":2,"tensors":[{"name":"a","type":"F64","shape":[2],"count":2}]}""", Listed("plain"));
        Assert.Equal("""{"format":"npy","storedNumbers":6,"tensors":[{"name":"x","type":"Int64","shape":[3,2],"count":6}]}""", Listed("x.npy"));
        TinySequences.Write(_folder.In("data.npz"));
        Assert.Contains("""{"name":"x","type":"Single","shape":[60,4,4,6],"count":5760}""", Listed("data.npz"), StringComparison.Ordinal);
        Assert.Contains("header", ToolRun.OfEngine("inspect", _folder.WriteFile("text", "no tensors at all")).RequireRefusal(), StringComparison.Ordinal);

        string Listed(string file) => ToolRun.OfEngine("inspect", _folder.In(file), "--json").Output.TrimEnd();
    }

    [Theory]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("predict")]
    [InlineData("compress")]
    [InlineData("inspect")]
    [InlineData("presets")]
    [InlineData("decompose")]
    [InlineData("reconstruct")]
    [InlineData("plan")]
    public void Every_verbs_help_has_examples(string verb)
    {
        var run = ToolRun.Of(verb, "--help");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains($"{Environment.NewLine}Examples:{Environment.NewLine}  htensor {verb}", run.Output, StringComparison.Ordinal);
    }

    private SequenceClassifier Model(IMatrixFormat format)
    {
        var model = SequenceClassifier.Create(new ModelOptions { InputModes = [4, 3, 2], HiddenModes = [2, 2, 2], InputWeights = format, Classes = ["top", "upper", "lower"] });
        model.Save(_folder.In("model"));
        return model;
    }

    private static JsonElement Json(ToolRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        return json.RootElement.Clone();
    }
}
