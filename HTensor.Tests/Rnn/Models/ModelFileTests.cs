using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

public sealed class ModelFileTests
{
    public static TheoryData<string> Formats => [.. Cases.Keys];

    private static Dictionary<string, IMatrixFormat> Cases { get; } = new()
    {
        ["dense"] = WeightFormat.Dense,
        ["ht"] = WeightFormat.HierarchicalTucker(2, 3, "((0,2),1)"),
        ["tt"] = WeightFormat.TensorTrain(3),
        ["tr"] = WeightFormat.TensorRing(2, 3),
        ["bt"] = WeightFormat.BlockTerm(2, 2),
        ["cp"] = WeightFormat.CanonicalPolyadic(4),
        ["tucker"] = WeightFormat.Tucker(2, 3, 2, 2, 2, 3),
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_is_saved_comes_back_to_the_bit(string format)
    {
        using var folder = new TempFolder();
        var path = folder.File("model.safetensors");
        var model = SequenceClassifier.Create(new ModelOptions
        {
            InputModes = [2, 3, 2],
            HiddenModes = [2, 2, 3],
            Gates = format == "tucker" ? GateMode.First : GateMode.Last,
            InputWeights = Cases[format] is TuckerFormat ? WeightFormat.Tucker(2) : Cases[format],
            Readout = Readout.Mean,
            Classes = ["zero", "\"one\"", "zwei ä \u2603"],
        }, seed: 12);
        Trainer.Fit(model, SmallTask.Set(9), null, SmallTask.Options with { Epochs = 1 });
        model.Save(path);
        var loaded = SequenceClassifier.Load(path);
        Assert.Equal(model.Parameters.Sha256(), loaded.Parameters.Sha256());
        Assert.Equal(model.Parameters.Items.Select(parameter => parameter.Shape), loaded.Parameters.Items.Select(parameter => parameter.Shape));
        Assert.Equal(ModelJson.Write(model.Options), ModelJson.Write(loaded.Options));
        Assert.Equal(model.Options.Classes, loaded.Options.Classes);
        Assert.Equal(model.Scaling.Mean, loaded.Scaling.Mean);
        Assert.Equal(model.Scaling.Deviation, loaded.Scaling.Deviation);
        Assert.Equal(model.Predict(SmallTask.Set(20)), loaded.Predict(SmallTask.Set(20)));
        loaded.Save(folder.File("again"));
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(folder.File("again")));
    }

    public static TheoryData<string> Models => [.. Structures.Keys];

    private static Dictionary<string, ModelOptions> Structures { get; } = new()
    {
        ["gru"] = Plain with { Cell = CellKind.Gru, Reset = GruReset.After },
        ["rnn in two layers"] = Plain with { Cell = CellKind.Rnn, Layers = 2, Direction = Direction.Bidirectional },
        ["recurrent"] = Plain with { RecurrentWeights = WeightFormat.TensorTrain(2) },
        ["joint"] = Plain with { InputWeights = WeightFormat.HierarchicalTucker(2, 3), Coupling = WeightCoupling.Joint },
        ["front"] = Plain with { Front = FrontLayer.Dense(12), InputModes = [4, 2] },
        ["every step"] = Plain with { Readout = Readout.Step },
        ["ranks node by node"] = Plain with { InputWeights = WeightFormat.HierarchicalTucker([3, 4, 5, 5], "((0,1),2)", IdentityFrames.LeftOut) },
        ["every node stored"] = Plain with { InputWeights = WeightFormat.HierarchicalTucker([3, 4, 5, 5], "((0,1),2)", IdentityFrames.Stored) },
        ["ranks bond by bond"] = Plain with { InputWeights = WeightFormat.TensorTrain(3, 4), RecurrentWeights = WeightFormat.TensorRing([2, 3, 2, 3, 2, 3]) },
        ["ranks mode by mode"] = Plain with { InputWeights = WeightFormat.BlockTerm(2, 2, 3, 2), RecurrentWeights = WeightFormat.LowRank(5) },
        ["padded"] = Plain with { InputWeights = Padded },
        ["formats of each layer"] = Plain with { Layers = 2, Direction = Direction.Bidirectional, LayerFormats = [new(Padded, WeightFormat.Dense), new(WeightFormat.LowRank(2), Padded), new(WeightFormat.Dense, WeightFormat.Dense), new(WeightFormat.LowRank(1), WeightFormat.TensorTrain(2, 3))] },
    };

    private static IMatrixFormat Padded => WeightFormat.OverModes(WeightFormat.TensorTrain(2), [7, 2], [6, 8]);

    private static ModelOptions Plain => new() { InputModes = [2, 3, 2], HiddenModes = [2, 2, 3], Classes = ["a", "b", "c"] };

    [Theory]
    [MemberData(nameof(Models))]
    public void So_does_every_structure(string name)
    {
        using var folder = new TempFolder();
        var model = SequenceClassifier.Create(Structures[name], seed: 12);
        model.Save(folder.File("model"));
        var loaded = SequenceClassifier.Load(folder.File("model"));
        Assert.Equal(ModelJson.Write(model.Options), ModelJson.Write(loaded.Options));
        Assert.Equal(model.Parameters.Sha256(), loaded.Parameters.Sha256());
        Assert.Equal(model.Predict(SmallTask.Set(20)), loaded.Predict(SmallTask.Set(20)));
    }

    [Fact]
    public void A_model_that_the_first_version_can_say_is_written_in_it()
    {
        const string first = """
            {"kind":"sequence-classifier","version":1,"cell":"lstm","inputModes":[2,3,2],"hiddenModes":[2,2,3],"gates":"last","readout":"mean","inputWeights":{"format":"ht","leafRank":2,"innerRank":3,"tree":"balanced"},"classes":["a","b"]}
            """;
        Assert.Equal(first, ModelJson.Write(ModelJson.Read(first)));
        Assert.Equal((CellKind.Lstm, 1, SequenceTask.Class), (ModelJson.Read(first).Cell, ModelJson.Read(first).Layers, ModelJson.Read(first).Task));
        Assert.Contains("\"version\":2,\"cell\":\"gru\"", ModelJson.Write(Plain with { Cell = CellKind.Gru }));
    }

    [Fact]
    public void A_model_that_the_second_version_can_say_is_written_in_it()
    {
        Assert.Contains("\"version\":2,", ModelJson.Write(Plain with { RecurrentWeights = WeightFormat.TensorRing(2, 3) }));
        foreach (var name in new[] { "ranks node by node", "ranks bond by bond", "ranks mode by mode", "padded", "formats of each layer" })
            Assert.Contains("\"version\":3,", ModelJson.Write(Structures[name]));
    }

    [Fact]
    public void Formats_of_the_third_version_that_are_wrong_are_named()
    {
        var json = ModelJson.Write(Structures["formats of each layer"]);
        Refused("\"inputModes\":[7,2]", "\"inputModes\":[0,2]", "input modes 0x2: expected sizes of at least 1, found 0");
        Refused("\"outputModes\":[6,8],", "", "expected key 'outputModes'");
        Refused("\"layerFormats\":[", "\"layerFormats\":[7,", "expected an object, found Number");
        Assert.Contains("layer formats: expected none or 4, one for each layer and direction, found 1", Assert.Throws<ArgumentException>(() => SequenceClassifier.Create(
            Structures["formats of each layer"] with { LayerFormats = [new(WeightFormat.Dense, WeightFormat.Dense)] })).Message);

        void Refused(string from, string to, string part)
        {
            Assert.Contains(from, json);
            var at = json.IndexOf(from, StringComparison.Ordinal);
            Assert.Contains(part, Assert.ThrowsAny<Exception>(() => ModelJson.Read(json[..at] + to + json[(at + from.Length)..])).Message);
        }
    }

    [Fact]
    public void Options_of_the_second_version_that_are_wrong_are_named()
    {
        var json = ModelJson.Write(Plain with { Cell = CellKind.Gru, Front = FrontLayer.Dense(12) });
        Refused("\"layers\":1", "\"layers\":0", "layers: expected 1 to 1000, found 0");
        Refused("\"layers\":1,", "", "expected key 'layers'");
        Refused("\"reset\":\"before\"", "\"reset\":\"never\"", "reset: expected before or after, found never");
        Refused("\"kind\":\"dense\"", "\"kind\":\"conv\"", "kind: expected dense or embedding, found conv");
        Refused("\"inputs\":12", "\"inputs\":-1", "inputs: expected 1 to");
        Refused("{\"format\":\"dense\"},\"coupling\"", "7,\"coupling\"", "recurrentWeights: expected Object, found Number");

        void Refused(string from, string to, string part)
        {
            Assert.Contains(from, json);
            Assert.Contains(part, Assert.Throws<FormatException>(() => ModelJson.Read(json.Replace(from, to, StringComparison.Ordinal))).Message);
        }
    }

    [Fact]
    public void Tensors_that_are_missing_or_wrong_are_named()
    {
        using var file = new Changed();
        file.Refused(tensors => tensors.Remove("recurrent.U"), "recurrent.U");
        file.Refused(tensors => tensors.Remove("scaling.mean"), "scaling.mean");
        file.Refused(tensors => tensors["readout.bias"] = Floats(4), "readout.bias: expected shape [3], found [4]");
        file.Refused(tensors => tensors["readout.bias"] = SafetensorsTensor.From<float>(new float[3], 3, 1), "readout.bias: expected shape [3], found [3, 1]");
        file.Refused(tensors => tensors["readout.bias"] = SafetensorsTensor.From<double>(new double[3], 3), "readout.bias: expected F32, found F64");
        file.Refused(tensors => tensors["readout.bias"] = Floats(3, 0, float.NaN, 0), "readout.bias: value 1: expected a finite number, found NaN");
        file.Refused(tensors => tensors["input.U1"] = SafetensorsTensor.From<float>(Filled(12, float.PositiveInfinity), file.Shape("input.U1")), "input.U1: value 0: expected a finite number");
        file.Refused(tensors => tensors["scaling.deviation"] = Floats(1, 0), "deviation of channel 0: expected a finite number above 0, found 0");
        file.Refused(tensors => tensors["scaling.deviation"] = Floats(2, 1, 1), "as many means as deviations");
        file.Refused(tensors => (tensors["scaling.mean"], tensors["scaling.deviation"]) = (Floats(5), Floats(5, 1, 1, 1, 1, 1)), "scaling.mean: expected a number of channels that divides a frame of 12 values, found 5");
    }

    [Fact]
    public void Options_that_are_missing_or_wrong_are_named()
    {
        using var file = new Changed();
        file.RefusedJson("\"version\":1", "\"version\":4", "version: expected 1 to 3, found 4");
        file.RefusedJson("\"version\":1,", "", "expected key 'version', found none");
        file.RefusedJson("\"kind\":\"sequence-classifier\"", "\"kind\":\"pig\"", "kind: expected sequence-classifier, found pig");
        file.RefusedJson("\"cell\":\"lstm\"", "\"cell\":\"gru\"", "cell: expected lstm, found gru");
        file.RefusedJson("\"inputModes\":[2,3,2]", "\"inputModes\":[2,3.5,2]", "inputModes: expected a whole number, found 3.5");
        file.RefusedJson("\"inputModes\":[2,3,2]", "\"inputModes\":12", "inputModes: expected Array, found Number");
        file.RefusedJson("\"inputModes\":[2,3,2]", "\"inputModes\":[2,0,2]", "input modes 2x0x2: expected sizes of at least 1, found 0");
        file.RefusedJson("\"inputModes\":[2,3,2]", "\"inputModes\":[]", "input modes: expected at least one, found none");
        file.RefusedJson("\"hiddenModes\":[2,2,3],", "", "'hiddenModes'");
        file.RefusedJson("\"gates\":\"first\"", "\"gates\":\"middle\"", "gates: expected first or last or own, found middle");
        file.RefusedJson("\"readout\":\"last\"", "\"readout\":null", "readout: expected String, found Null");
        file.RefusedJson("\"format\":\"ht\"", "\"format\":\"svd\"", "inputWeights: expected dense, ht, tt, tr, bt, cp, tucker or lowrank, found svd");
        file.RefusedJson("\"leafRank\":2,", "", "'leafRank'");
        file.RefusedJson("\"leafRank\":2,", "\"leafRank\":0,", "expected a rank of 1 to");
        file.RefusedJson("\"tree\":\"balanced\"", "\"tree\":\"((0,1)\"", "dimension tree");
        file.RefusedJson("\"classes\":[\"a\",\"b\",\"c\"]", "\"classes\":[\"a\"]", "classes: expected two classes or more, found 1");
        file.RefusedJson("\"classes\":[\"a\",\"b\",\"c\"]", "\"classes\":[\"a\",7,\"c\"]", "classes: expected text, found Number");
        file.RefusedJson("\"classes\":[\"a\",\"b\",\"c\"]", "\"classes\":[\"a\",\"\\ud800\",\"c\"]", "model options");
        file.RefusedJson("{", "[", "model options");
    }

    [Fact]
    public void A_few_bytes_of_options_take_no_memory()
    {
        using var file = new Changed();
        // 2 GB of U, of which there is not a byte.
        file.RefusedJson("\"hiddenModes\":[2,2,3]", "\"hiddenModes\":[20,20,30]", "expected numbers of 20x20x30 hidden units");
    }

    [Fact]
    public void What_is_no_model_at_all_is_refused()
    {
        using var folder = new TempFolder();
        var path = folder.File("tensors");
        SafetensorsFile.Write(path, new Dictionary<string, SafetensorsTensor> { ["x"] = Floats(3) });
        Malformed.Refused(path, () => SequenceClassifier.Load(path), "metadata key 'htensor', found no metadata");
        SafetensorsFile.Write(path, new Dictionary<string, SafetensorsTensor> { ["x"] = Floats(3) }, new Dictionary<string, string> { ["format"] = "pt" });
        Malformed.Refused(path, () => SequenceClassifier.Load(path), "metadata key 'htensor', found format");
        Assert.Throws<FileNotFoundException>(() => SequenceClassifier.Load(folder.File("none")));
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        using var folder = new TempFolder();
        var path = folder.File("whole");
        SmallTask.Model().Save(path);
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length; length += Math.Max(1, bytes.Length / 60))
        {
            var cut = folder.File("cut", bytes.AsSpan(0, length));
            Malformed.Refused(cut, () => SequenceClassifier.Load(cut));
        }
    }

    private static float[] Filled(int count, float value) => [.. Enumerable.Repeat(value, count)];

    private static SafetensorsTensor Floats(int count, params float[] values) => SafetensorsTensor.From<float>(values.Length == count ? values : new float[count], count);

    /// <summary>A good model file with one thing changed.</summary>
    private sealed class Changed : IDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly SafetensorsFile _good;
        private readonly string _path;

        public Changed()
        {
            _path = _folder.File("model");
            SmallTask.Model().Save(_path);
            _good = SafetensorsFile.Read(_path);
        }

        public IReadOnlyList<int> Shape(string tensor) => _good.Tensors[tensor].Shape;

        public void Refused(Action<Dictionary<string, SafetensorsTensor>> change, string part)
        {
            var tensors = _good.Tensors.ToDictionary();
            change(tensors);
            SafetensorsFile.Write(_path, tensors, _good.Metadata);
            Malformed.Refused(_path, () => SequenceClassifier.Load(_path), part);
        }

        public void RefusedJson(string from, string to, string part)
        {
            var json = _good.Metadata[ModelFile.OptionsKey];
            Assert.Contains(from, json);
            SafetensorsFile.Write(_path, _good.Tensors, new Dictionary<string, string> { [ModelFile.OptionsKey] = json.Replace(from, to, StringComparison.Ordinal) });
            Malformed.Refused(_path, () => SequenceClassifier.Load(_path), part);
        }

        public void Dispose() => _folder.Dispose();
    }
}
