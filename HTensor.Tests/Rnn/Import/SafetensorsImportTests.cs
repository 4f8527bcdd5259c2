using System.Text.Json;
using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Models by PyTorch's names: against PyTorch's own outputs (pytorch.json) and, of a real network, a plain evaluation.</summary>
public sealed class SafetensorsImportTests : IDisposable
{
    private const int Steps = 4, Hidden = 5;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lstm", "")]
    [InlineData("gru", "encoder.")]
    [InlineData("rnn", "a.b.")]
    [InlineData("lstm, bidirectional", "")]
    [InlineData("lstm, two layers", "x.")]
    [InlineData("gru, two layers, bidirectional", "")]
    public void Layers_of_PyTorch_give_PyTorchs_states(string name, string prefix)
    {
        using var json = JsonDocument.Parse(string.Join('\n', EmbeddedText.Lines("pytorch.json")));
        var expected = json.RootElement.EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == name);
        var tensors = new Dictionary<string, SafetensorsTensor> { ["other"] = SafetensorsTensor.From<long>([7]) };
        foreach (var parameter in expected.GetProperty("parameters").EnumerateObject())
        {
            var values = Floats(parameter.Value);
            var rows = values.Length / Columns(parameter.Name, expected);
            tensors[prefix + parameter.Name] = SafetensorsTensor.From<float>(values, parameter.Name.StartsWith("bias", StringComparison.Ordinal) ? [values.Length] : [rows, values.Length / rows]);
        }

        SafetensorsFile.Write(_folder.File("m"), tensors);
        var model = RecurrentImport.Safetensors(_folder.File("m"));
        int[] lengths = [.. expected.GetProperty("lengths").EnumerateArray().Select(length => length.GetInt32())];
        var source = ArraySequenceSource.FromFloats(Floats(expected.GetProperty("x")), Steps, [3], new int[lengths.Length], lengths);
        var found = model.Predict(new SequenceSet(source, Enumerable.Range(0, lengths.Length).ToArray()));
        var y = Floats(expected.GetProperty("y"));
        Assert.Equal(y.Length, found.Length);
        for (var i = 0; i < y.Length; i++) Assert.Equal(y[i], found[i], ForeignArrays.Near);
    }

    [Fact]
    public void Silero_is_a_plain_evaluation_of_its_cell()
    {
        var path = SharedData.Require("silero_vad_16k.safetensors");
        var file = SafetensorsFile.Read(path);
        float[] Of(string name) => file.Tensors[$"lstm_cell.{name}"].As<float>().ToArray();
        var oracle = ForeignArrays.PyTorch("ifgo", Of("weight_ih"), Of("weight_hh"), Of("bias_ih"), Of("bias_hh"), false);
        var frames = ForeignArrays.Frames(6, oracle.Inputs, 5);
        ForeignArrays.AssertNear(oracle.Run(frames), ForeignArrays.States(RecurrentImport.Safetensors(path), frames));
    }

    [Theory]
    [InlineData(SafetensorsType.F16)]
    [InlineData(SafetensorsType.BF16)]
    [InlineData(SafetensorsType.F64)]
    public void Other_floating_types(SafetensorsType type)
    {
        var tensors = Cell(ForeignArrays.Normal(20 * 3, 1));
        var weights = tensors["weight_ih"].As<float>().ToArray();
        tensors["weight_ih"] = type switch
        {
            SafetensorsType.F16 => SafetensorsTensor.From<Half>([.. weights.Select(value => (Half)value)], 20, 3),
            SafetensorsType.F64 => SafetensorsTensor.From<double>([.. weights.Select(value => (double)value)], 20, 3),
            _ => new SafetensorsTensor(type, [20, 3], weights.SelectMany(value => BitConverter.GetBytes(value)[2..]).ToArray()),
        };
        SafetensorsFile.Write(_folder.File("m"), tensors);
        var model = RecurrentImport.Safetensors(_folder.File("m"));
        var tolerance = type switch { SafetensorsType.F64 => 0, SafetensorsType.F16 => 1e-3f, _ => 1e-2f };
        for (var i = 0; i < weights.Length; i++) Assert.Equal(weights[i], model.Parameters["input.W"].Values[i % 3 * 20 + i / 3], tolerance);
    }

    [Fact]
    public void One_of_several_prefixes_is_taken_by_name()
    {
        var all = Cell(ForeignArrays.Normal(60, 1)).ToDictionary(pair => "a." + pair.Key, pair => pair.Value);
        foreach (var (name, tensor) in Cell(ForeignArrays.Normal(60, 2))) all["b." + name] = tensor;
        SafetensorsFile.Write(_folder.File("m"), all);
        Malformed.Refused(_folder.File("m"), () => RecurrentImport.Safetensors(_folder.File("m")), "expected one prefix", "a, b");
        Malformed.Refused(_folder.File("m"), () => RecurrentImport.Safetensors(_folder.File("m"), new ImportOptions { Nodes = ["c"] }), "'c' among them", "a, b");
        var model = RecurrentImport.Safetensors(_folder.File("m"), new ImportOptions { Nodes = ["b"] });
        Assert.Equal(all["b.weight_ih"].As<float>()[1], model.Parameters["input.W"].Values[20]);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refused(tensors => tensors.Remove("weight_hh"), "expected tensor 'weight_hh', found none");
        Refused(tensors => tensors["weight_hh"] = Zeros(20, 4), "weight_hh", "[20, H] of a cell with 4, 3 or 1 gates", "[20, 4]");
        Refused(tensors => tensors["weight_hh"] = Zeros(21, 5), "[20, 5]", "[21, 5]");
        Refused(tensors => tensors["weight_ih"] = Zeros(20, 3, 1), "expected [gates H, N], found [20, 3, 1]");
        Refused(tensors => tensors["weight_ih"] = SafetensorsTensor.From<int>(new int[60], 20, 3), "expected F32, F64, F16 or BF16, found I32");
        Refused(tensors => tensors["bias_ih"] = Zeros(15), "bias_ih", "expected [20], found [15]");
        Refused(tensors => tensors["weight_hr"] = Zeros(5, 5), "a projection of the states is not supported");
        Refused(tensors => tensors["weight_ih"] = SafetensorsTensor.From<float>([.. Enumerable.Repeat(float.NaN, 60)], 20, 3), "input.W: expected finite weights");
        Refused(tensors => tensors.Remove("weight_ih"), "weight_ih_l0 or weight_ih behind any prefix");
        Refused(tensors =>
        {
            tensors.Clear();
            foreach (var (name, tensor) in Cell(new float[60])) tensors[name + "_l0"] = tensor;
            foreach (var (name, tensor) in Cell(new float[60])) tensors[name + "_l1"] = tensor;
        }, "weight_ih_l1: expected 5 inputs, found 3");
    }

    private void Refused(Action<Dictionary<string, SafetensorsTensor>> spoil, params string[] parts)
    {
        var tensors = Cell(new float[60]);
        spoil(tensors);
        SafetensorsFile.Write(_folder.File("m"), tensors);
        Malformed.Refused(_folder.File("m"), () => RecurrentImport.Safetensors(_folder.File("m")), parts);
    }

    /// <summary>An LSTM cell of 3 inputs and 5 units.</summary>
    private static Dictionary<string, SafetensorsTensor> Cell(float[] input) => new()
    {
        ["weight_ih"] = SafetensorsTensor.From<float>(input, 20, 3),
        ["weight_hh"] = Zeros(20, 5),
        ["bias_ih"] = Zeros(20),
        ["bias_hh"] = Zeros(20),
    };

    private static SafetensorsTensor Zeros(params int[] shape) => SafetensorsTensor.From<float>(new float[shape.Aggregate(1, (a, b) => a * b)], shape);

    private static int Columns(string parameter, JsonElement entry) => parameter.StartsWith("weight_hh", StringComparison.Ordinal) ? Hidden
        : parameter.StartsWith("weight_ih_l0", StringComparison.Ordinal) ? 3
        : Hidden * (entry.GetProperty("name").GetString()!.Contains("bidirectional", StringComparison.Ordinal) ? 2 : 1);

    private static float[] Floats(JsonElement json) => [.. json.EnumerateArray().Select(value => value.GetSingle())];
}
