using System.Text.Json;
using HTensor.Core;
using HTensor.Rnn;
using HTensor.Tests.Rnn;

namespace HTensor.Tests;

/// <summary>The verb <c>compress</c>.</summary>
public sealed class CompressVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_is_compressed_and_what_was_done_is_told()
    {
        Dense().Save(_folder.In("dense.safetensors"));
        var run = ToolRun.OfEngine("compress", _folder.In("dense.safetensors"), "--format", "ht", "--recurrent-format", "lowrank", "--ratio", "3", "--calibrate", TinySequences.Write(_folder.In("data.npz")),
            "--out", _folder.In("small.safetensors"), "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        var root = json.RootElement;
        Assert.Equal(("ht", "lowrank"), (root.GetProperty("format").GetString(), root.GetProperty("recurrentFormat").GetString()));
        foreach (var key in new[] { "inputParameters", "denseInputParameters", "inputCompressionRatio", "cellParameters", "denseCellParameters", "cellCompressionRatio", "modelParameters" }) Assert.True(root.TryGetProperty(key, out _), key);
        Assert.InRange(root.GetProperty("compressionRatio").GetDouble(), 3, 100);
        Assert.InRange(root.GetProperty("relativeErrorOfWeights").GetDouble(), 1e-3, 1);
        Assert.InRange(root.GetProperty("relativeErrorOfOutputs").GetDouble(), 1e-3, 1);
        var small = SequenceClassifier.Load(_folder.In("small.safetensors"));
        Assert.Equal((small.Counts.Cell, small.Parameters.Sha256()), (root.GetProperty("cellParameters").GetInt64(), root.GetProperty("weightsSha256").GetString()));
        Assert.Equal(0, ToolRun.OfEngine("evaluate", _folder.In("small.safetensors"), _folder.In("data.npz"), "--json").ExitCode);
    }

    [Fact]
    public void Tables_are_for_people()
    {
        Dense().Save(_folder.In("dense.safetensors"));
        var run = ToolRun.OfEngine("compress", _folder.In("dense.safetensors"), "--joint", "--tolerance", "0.5", "--out", _folder.In("small.safetensors"));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("error of the weights", run.Output, StringComparison.Ordinal);
        Assert.Contains("joint: ht", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_model_is_trained_on_by_the_tool()
    {
        var data = TinySequences.Write(_folder.In("data.npz"));
        string[] learning = ["--epochs", "4", "--batch", "8", "--learning-rate", "0.05", "--json"];
        Json(["train", data, "--format", "dense", "--hidden", "8", .. learning, "--out", _folder.In("dense")]);
        Json("compress", _folder.In("dense"), "--joint", "--ratio", "4", "--calibrate", data, "--out", _folder.In("small.safetensors"), "--json");
        var trained = Json(["train", data, "--init", _folder.In("small.safetensors"), .. learning, "--out", _folder.In("tuned")]);
        var (small, tuned) = (SequenceClassifier.Load(_folder.In("small.safetensors")), SequenceClassifier.Load(_folder.In("tuned/model.safetensors")));
        Assert.Equal((small.Counts, "joint"), (tuned.Counts, trained.GetProperty("recurrentFormat").GetString()));
        Assert.Equal(small.Scaling.Mean, tuned.Scaling.Mean);
        var samples = SequenceData.Load(data).Train;
        Assert.InRange(tuned.Evaluate(samples).Loss, 0, 0.8 * small.Evaluate(samples).Loss);
    }

    /// <summary>A layer of PyTorch has no outputs but its states: what is trained on has a dense layer over them, and the layer's own weights and scaling.</summary>
    [Theory]
    [InlineData("class", "last")]
    [InlineData("regression", "mean")]
    public void A_layer_of_another_program_is_compressed_and_trained_on(string task, string readout)
    {
        var data = task == "class" ? TinySequences.Write(_folder.In("data.npz")) : TinySequences.WriteTask(_folder.In("data.npz"), task);
        SafetensorsFile.Write(_folder.In("pytorch.safetensors"), new Dictionary<string, SafetensorsTensor>
        {
            ["lstm.weight_ih_l0"] = SafetensorsTensor.From<float>(ForeignArrays.Normal(32 * 24, 1), 32, 24),
            ["lstm.weight_hh_l0"] = SafetensorsTensor.From<float>(ForeignArrays.Normal(32 * 8, 2), 32, 8),
        });
        Json("compress", _folder.In("pytorch.safetensors"), "--format", "ht", "--ratio", "2", "--calibrate", data, "--out", _folder.In("small.safetensors"), "--json");
        foreach (var start in new[] { "small.safetensors", "pytorch.safetensors" })
        {
            string[] train = ["train", data, "--task", task, "--readout", readout, "--init", _folder.In(start), "--batch", "8", "--json"];
            Json([.. train, "--epochs", "1", "--learning-rate", "1e-12", "--weight-decay", "0", "--out", _folder.In("same" + start)]);
            var (layer, same) = (RecurrentImport.Safetensors(_folder.In("pytorch.safetensors")), SequenceClassifier.Load(_folder.In($"same{start}/model.safetensors")));
            Assert.Equal(layer.Scaling.Mean, same.Scaling.Mean);
            Assert.Equal(layer.Parameters["recurrent.U"].Values[5], same.Parameters["recurrent.U"].Values[5], 1e-6f);
            var losses = new[] { "1", "6" }.Select(epochs => Json([.. train, "--learning-rate", "0.02", "--epochs", epochs, "--out", _folder.In($"run{epochs}{start}")])).Select(json => json.GetProperty("trainLoss").GetDouble()).ToArray();
            Assert.True(losses[1] < losses[0], $"{losses[0]} and then {losses[1]}");
        }
    }

    private static JsonElement Json(params string[] arguments)
    {
        var run = ToolRun.OfEngine(arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        return json.RootElement.Clone();
    }

    private static SequenceClassifier Dense() => SequenceClassifier.Create(new ModelOptions { InputModes = [4, 6], HiddenModes = [8], Classes = ["top", "upper", "lower"] }, 5);
}
