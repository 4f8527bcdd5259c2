using System.Text.Json;
using HTensor.Core;
using HTensor.Rnn;

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

    private static SequenceClassifier Dense() => SequenceClassifier.Create(new ModelOptions { InputModes = [4, 6], HiddenModes = [8], Classes = ["top", "upper", "lower"] }, 5);
}
