using System.Text.Json;
using HTensor.Core;
using HTensor.Tests.Core.Decomposition;

namespace HTensor.Tests;

/// <summary>The verbs <c>decompose</c>, <c>reconstruct</c>, and <c>inspect</c> of tensors.</summary>
public sealed class DecomposeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ht", """{"leaf":[4,4,4,4],"inner":{"0,1":4,"2,3":4}}""", 304)]
    [InlineData("tt", """{"leaf":[],"inner":{"0":4,"0,1":4,"0,1,2":4}}""", 400)]
    [InlineData("tucker", """{"leaf":[4,4,4,4],"inner":{}}""", 416)]
    public void An_array_is_decomposed_inspected_and_brought_back(string format, string ranks, int stored)
    {
        int[] sizes = [10, 10, 10, 10];
        var values = TensorOracle.Reciprocals(sizes);
        NpyFile.Write(_folder.In("x.npy"), NpyArray.From<double>(values, sizes));
        var json = Json("decompose", _folder.In("x.npy"), "--format", format, "--out", _folder.In("t.safetensors"), "--tolerance", "1e-4", "--json");
        Assert.Equal((format, ranks, stored), (json.GetProperty("format").GetString(), json.GetProperty("ranks").GetRawText(), json.GetProperty("storedNumbers").GetInt32()));
        Assert.Equal(1e4 / stored, json.GetProperty("compressionRatio").GetDouble(), 1e-9);
        var error = json.GetProperty("relativeError").GetDouble();
        Assert.InRange(error, json.GetProperty("errorLowerBound").GetDouble(), json.GetProperty("errorUpperBound").GetDouble());
        Assert.True(error <= 1e-4);
        Assert.Equal(error * TensorOracle.Norm(values), json.GetProperty("absoluteError").GetDouble(), 1e-12);
        Assert.True(json.GetProperty("seconds").GetDouble() > 0 && json.GetProperty("peakMemoryMegabytes").GetDouble() > 0);

        var shown = Json("inspect", _folder.In("t.safetensors"), "--svg", _folder.In("s.svg"), "--json");
        Assert.Equal((format, ranks), (shown.GetProperty("format").GetString(), shown.GetProperty("ranks").GetRawText()));
        Assert.Equal(stored, shown.GetProperty("cores").EnumerateArray().Sum(core => core.GetProperty("count").GetInt32()));
        Assert.Contains("<svg", File.ReadAllText(_folder.In("s.svg")), StringComparison.Ordinal);

        Assert.Equal("[10,10,10,10]", Json("reconstruct", _folder.In("t.safetensors"), "--out", _folder.In("y.npy"), "--json").GetProperty("shape").GetRawText());
        Assert.Equal(error, TensorOracle.Distance(values, NpyFile.Read(_folder.In("y.npy")).As<double>()) / TensorOracle.Norm(values), 1e-12);
    }

    [Fact]
    public void A_tree_and_ranks_are_as_asked()
    {
        NpyFile.Write(_folder.In("x.npy"), NpyArray.From<float>([.. TensorOracle.Noise([4, 5, 6], 1).Select(value => (float)value)], 4, 5, 6));
        var json = Json("decompose", _folder.In("x.npy"), "--out", _folder.In("t"), "--max-rank", "3", "--tree", "((2,0),1)", "--json");
        Assert.Equal("((2,0),1)", json.GetProperty("tree").GetString());
        Assert.Equal("""{"leaf":[3,3,3],"inner":{"2,0":3}}""", json.GetProperty("ranks").GetRawText());
        var text = ToolRun.OfEngine("inspect", _folder.In("t")).Output;
        Assert.Contains("{0,2,1} rank 1", text.Replace("{2,0,1}", "{0,2,1}", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("{2} n 6, rank 3, U2 [6, 3]", text, StringComparison.Ordinal);
        Assert.All(text.Split(Environment.NewLine), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void Long_work_says_how_far_it_is_and_ends_when_asked()
    {
        int[] sizes = [40, 40, 40, 40];
        NpyFile.Write(_folder.In("x.npy"), NpyArray.From<double>(TensorOracle.Reciprocals(sizes), sizes));
        var run = ToolRun.InterruptedAt("x.npy: pass 2, ", "decompose", _folder.In("x.npy"), "--out", _folder.In("t"), "--tolerance", "1e-4");
        Assert.Equal((130, "htensor: interrupted"), (run.ExitCode, run.Error.Trim()));
        Assert.Contains("x.npy: pass 1, 100 %", run.Output, StringComparison.Ordinal);
        Assert.Equal(["x.npy"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
        Json("decompose", _folder.In("x.npy"), "--out", _folder.In("t"), "--tolerance", "1e-4", "--json");
        Assert.Equal(130, ToolRun.InterruptedAt("y.npy: pass 1, ", "reconstruct", _folder.In("t"), "--out", _folder.In("y.npy")).ExitCode);
        Assert.False(File.Exists(_folder.In("y.npy")));
    }

    [Fact]
    public void What_stands_in_dev_is_not_replaced_and_values_are_drawn_of_tensors_alone()
    {
        NpyFile.Write(_folder.In("x.npy"), NpyArray.From<double>(TensorOracle.Reciprocals([3, 4]), 3, 4));
        Refused("--out /dev/htensor-none: expected a file to write, found a device", "decompose", _folder.In("x.npy"), "--tolerance", "0.1", "--out", "/dev/htensor-none");
        Assert.Contains("it is a device", Assert.Throws<IOException>(() => OutputFile.Write("/dev/htensor-none", _ => { })).Message, StringComparison.Ordinal);
        Refused("--svg: expected a tensor in a format, which has singular values to draw, found ", "inspect", _folder.In("x.npy"), "--svg", _folder.In("s.svg"));
        Assert.False(File.Exists("/dev/htensor-none") || File.Exists(_folder.In("s.svg")));
        Assert.InRange(Json("decompose", _folder.In("x.npy"), "--tolerance", "0.1", "--measure", "--out", _folder.In("t"), "--json").GetProperty("relativeError").GetDouble(), 0, 0.1);

        static void Refused(string message, params string[] arguments)
        {
            var run = ToolRun.OfEngine(arguments);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(message, run.Error, StringComparison.Ordinal);
        }
    }

    private static JsonElement Json(params string[] arguments)
    {
        var run = ToolRun.OfEngine(arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        return json.RootElement.Clone();
    }
}
