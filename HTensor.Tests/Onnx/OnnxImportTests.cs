using HTensor.Core;
using HTensor.Onnx;
using HTensor.Rnn;
using HTensor.Tests.Rnn;

namespace HTensor.Tests.Onnx;

/// <summary>Models of ONNX as other programs write them: our outputs beside ONNX Runtime's, and what is refused.</summary>
public sealed class OnnxImportTests : IDisposable
{
    private const int Batch = 3, Steps = 5;
    private static readonly string[] BatchFirst = ["batch", "steps", "3"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, int, int, long> Classifiers => new()
    {
        { "LSTM", 1, 1, 0 },
        { "LSTM", 2, 2, 0 },
        { "GRU", 1, 1, 0 },
        { "GRU", 1, 1, 1 },
        { "GRU", 2, 2, 1 },
        { "RNN", 2, 1, 0 },
        { "RNN", 1, 2, 0 },
    };

    /// <summary>As PyTorch's exporter: batch first, both directions merged by a reshape, the last states of each direction beside each other, Gemm.</summary>
    [Theory]
    [MemberData(nameof(Classifiers))]
    public void A_classifier_of_the_last_states(string operation, int layers, int directions, long linear)
    {
        var foreign = new ForeignGraph();
        var (x, states) = (foreign.Transposed("x", 1, 0, 2), Array.Empty<string>());
        for (var layer = 0; layer < layers; layer++)
        {
            if (layer > 0 && directions == 1) x = foreign.Graph.Node("Squeeze", [states[0], foreign.Graph.Integers(1)]);
            if (layer > 0 && directions == 2) x = foreign.Graph.Node("Reshape", [foreign.Transposed(states[0], 0, 2, 1, 3), foreign.Graph.Integers(0, 0, -1)]);
            states = foreign.Layer(operation, x, layer == 0 ? ForeignGraph.Inputs : ForeignGraph.Hidden * directions, directions, operation == "GRU" ? [GraphBuilder.Attribute("linear_before_reset", linear)] : []);
        }

        var last = directions == 1 ? foreign.Taken(foreign.Graph.Node("Squeeze", [states[0], foreign.Graph.Integers(1)]), 0, -1)
            : foreign.Graph.Node("Concat", [foreign.Taken(states[1], 0, 0), foreign.Taken(states[1], 0, 1)], GraphBuilder.Attribute("axis", 1L));
        var model = Loaded(foreign.Bytes(ElementType.Float, BatchFirst, foreign.Softmax(foreign.Gemm(last, ForeignGraph.Hidden * directions))));
        Assert.Equal((SequenceTask.Class, Readout.Last, layers, directions == 2), (model.Options.Task, model.Options.Readout, model.Options.Layers, model.Options.Direction == Direction.Bidirectional));
        Same(model);
    }

    [Fact]
    public void Scores_of_the_mean_are_a_regression()
    {
        var foreign = new ForeignGraph();
        var states = foreign.Graph.Node("Squeeze", [foreign.Layer("LSTM", foreign.Transposed("x", 1, 0, 2), ForeignGraph.Inputs, 1)[0], foreign.Graph.Integers(1)]);
        var mean = foreign.Graph.Node("ReduceMean", [foreign.Transposed(states, 1, 0, 2)], GraphBuilder.Attribute("axes", [1L]), GraphBuilder.Attribute("keepdims", 0L));
        var model = Loaded(foreign.Bytes(ElementType.Float, BatchFirst, foreign.Graph.Node("Add", [foreign.Graph.Node("MatMul", [mean, foreign.Random(ForeignGraph.Hidden, 3)]), foreign.Random(3)])));
        Assert.Equal((SequenceTask.Regression, Readout.Mean), (model.Options.Task, model.Options.Readout));
        Same(model);
    }

    [Fact]
    public void States_of_symbols()
    {
        var foreign = new ForeignGraph();
        var embedded = foreign.Graph.Node("Gather", [foreign.Random(7, ForeignGraph.Inputs), "x"]);
        var y = foreign.Layer("GRU", foreign.Transposed(embedded, 1, 0, 2), ForeignGraph.Inputs, 2)[0];
        var model = Loaded(foreign.Bytes(ElementType.Int64, ["batch", "steps"], foreign.Graph.Node("Reshape", [foreign.Transposed(y, 2, 0, 1, 3), foreign.Graph.Integers(0, 0, 8)])));
        Assert.Equal((SequenceTask.States, FrontKind.Embedding), (model.Options.Task, model.Options.Front!.Kind));
        Same(model, symbols: true);
    }

    /// <summary>The recurrent node of a network that holds much else, within the branch of a condition: its weights, PyTorch's, are cut and joined into ONNX's order before it.</summary>
    [Theory]
    [InlineData("then")]
    [InlineData("else")]
    public void Silero_by_its_node_is_a_plain_evaluation_of_the_weights_in_it(string branch)
    {
        var path = SharedData.Require("silero_vad.onnx");
        var start = $"If_0_{branch}_branch__Inline_0__";
        float[] Of(string name) => Tensors(ModelParser.Read(path).Graph).First(pair => pair.Name == $"{start}decoder.rnn.{name}").Tensor.Bytes is var bytes ? System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.Span).ToArray() : [];
        var oracle = ForeignArrays.PyTorch("ifgo", Of("weight_ih"), Of("weight_hh"), Of("bias_ih"), Of("bias_hh"), false);
        var frames = ForeignArrays.Frames(6, oracle.Inputs, 5);
        ForeignArrays.AssertNear(oracle.Run(frames), ForeignArrays.States(OnnxImport.Load(path, new ImportOptions { Nodes = [$"{start}/decoder/rnn/LSTM"] }), frames));
    }

    [Fact]
    public void A_network_that_is_no_plain_classifier_names_what_it_is()
    {
        var path = SharedData.Require("silero_vad.onnx");
        Malformed.Refused(path, () => OnnxImport.Load(path, new ImportOptions { Nodes = ["none"] }), "recurrent nodes: expected 'none' among them", "If_0_then_branch__Inline_0__/decoder/rnn/LSTM");
        Malformed.Refused(path, () => OnnxImport.Load(path), "expected recurrent layers and a plain classifier around them, found node");
    }

    private static IEnumerable<(string Name, OnnxTensor Tensor)> Tensors(OnnxGraph graph)
    {
        foreach (var node in graph.Nodes)
        {
            if (node.Attributes.TryGetValue("value", out var value) && value.Tensor is { } tensor) yield return (node.Outputs[0], tensor);
            foreach (var inner in node.Attributes.Values.Where(attribute => attribute.Graph is not null).SelectMany(attribute => Tensors(attribute.Graph!))) yield return inner;
        }
    }

    [Theory]
    [MemberData(nameof(OnnxExportTests.Models), MemberType = typeof(OnnxExportTests))]
    public void What_was_exported_comes_back_bit_for_bit(string model)
    {
        var task = new ExportTask(model);
        OnnxExport.Write(task.Model, _folder.File("m.onnx"));
        var back = OnnxImport.Load(_folder.File("m.onnx"));
        Assert.Equal(task.Model.Parameters.Sha256(), back.Parameters.Sha256());
        Assert.Equal(task.Model.Scaling.Mean.Length == 3, back.Scaling.Mean.SequenceEqual([120f, 130f, 110f]));
        Assert.Equal(ModelJson.Write(task.Model.Options), ModelJson.Write(back.Options));
        if (model.EndsWith("dense", StringComparison.Ordinal)) WithoutMetadata(task.Model);
    }

    [Fact]
    public void What_our_cells_do_not_do_is_refused_by_its_name()
    {
        Refused(GraphBuilder.Attribute("clip", 1f), "(LSTM): clip: expected none, found 1");
        Refused(GraphBuilder.Attribute("direction", "reverse"), "direction: expected forward or bidirectional, found reverse");
        Refused(GraphBuilder.Attribute("layout", 1L), "layout: expected 0, found 1");
        Refused(GraphBuilder.Attribute("input_forget", 1L), "input_forget: expected 0, found 1");
        Refused(new MessageWriter().Text(Fields.AttributeName, "activations").Text(Fields.AttributeStrings, "Relu").Text(Fields.AttributeStrings, "Tanh").Text(Fields.AttributeStrings, "Tanh"),
            "activations: expected Sigmoid, Tanh, Tanh, found Relu, Tanh, Tanh");
        Refused(GraphBuilder.Attribute("hidden_size", 9L), "hidden_size: expected 4, that of R, found 9");
        Bad(foreign => foreign.Graph.Node("Relu", [Last(foreign)]), "expected recurrent layers and a plain classifier around them, found node of 'v", "(Relu)");
        Bad(foreign => foreign.Gemm(foreign.Gemm(Last(foreign), 4), 3), "(Gemm): expected one dense layer over the states");
        Bad(foreign => foreign.Gemm(Last(foreign), 5), "rows of the matrix: expected 4, found 5");
        Bad(foreign => foreign.Graph.Node("MatMul", [Last(foreign), "absent"]), "found 'absent', which no node before it gives: a cycle, or a value that is missing");
        Bad(foreign =>
        {
            foreign.Graph.Add("Add", ["later", Last(foreign)], ["sooner"]);
            foreign.Graph.Add("Identity", ["sooner"], ["later"]);
            return "later";
        }, "found 'later', which no node before it gives: a cycle");
        Bad(foreign => foreign.Graph.Node("Sigmoid", ["x"]), "(Sigmoid): expected scores of notes at every step, found Frame");
        Bad(foreign => foreign.Graph.Node("Identity", ["x"]), "expected a recurrent layer (LSTM, GRU or RNN), found none");
        Bad(foreign => foreign.Graph.Nodes("LSTM", ["x", foreign.Random(1, 16, 3), foreign.Random(1, 16, 5), ""], 2)[1], "shape of R: expected [1, 4 H, H]");
        Bad(foreign =>
        {
            var doubled = foreign.Random(1, 16, 3);
            for (var i = 0; i < 40; i++) doubled = foreign.Graph.Node("Concat", [doubled, doubled], GraphBuilder.Attribute("axis", 0L));
            return foreign.Graph.Nodes("LSTM", ["x", doubled, foreign.Random(1, 16, 4)], 2)[1];
        }, "constants joined and turned: expected at most");
        Bad(foreign => foreign.Graph.Nodes("LSTM", ["x", foreign.Random(1, 16, 3), "x"], 2)[1], "(LSTM): R: expected a stored tensor, found 'x', which is computed or missing");
    }

    [Fact]
    public void Files_that_are_no_ONNX_are_refused()
    {
        var foreign = new ForeignGraph();
        var good = foreign.Bytes(ElementType.Float, BatchFirst, Last(foreign)).ToArray();
        RefusedBytes(good[..^50], "expected ONNX (protobuf), whole");
        RefusedBytes("no model at all"u8.ToArray(), "expected ONNX");
        RefusedBytes([8, 8], "expected ONNX with a graph, found none");
        // Lengths of 2^60 bytes, which protobuf takes modulo 2^32, and of 2^31 - 1.
        RefusedBytes([(7 << 3) | 2, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10], "expected a recurrent layer");
        RefusedBytes([(7 << 3) | 2, 0xFF, 0xFF, 0xFF, 0xFF, 0x07], "expected ONNX (protobuf), whole");
        var huge = new MessageWriter().Number(Fields.TensorDims, 1L << 60).Number(Fields.TensorType, 1).Text(Fields.TensorName, "W").Content(Fields.TensorRaw, new byte[4]);
        RefusedBytes(WithW(huge), "key 'W': shape: expected sizes of an array that fits into memory, found [1152921504606846976]");
        foreach (var location in (string[])["../outside.bin", "/etc/passwd", "a/../../b", "absent.bin"]) RefusedBytes(WithW(External(location)), "external data", location);
        using var elsewhere = new TempFolder();
        File.WriteAllBytes(elsewhere.File("w.bin"), new byte[192]);
        File.CreateSymbolicLink(_folder.File("link.bin"), elsewhere.File("w.bin"));
        Directory.CreateSymbolicLink(_folder.File("linked"), elsewhere.Path);
        foreach (var location in (string[])["link.bin", "linked/w.bin"]) RefusedBytes(WithW(External(location)), "external data: location: expected a file in the model's folder", location);
        File.WriteAllBytes(_folder.File("w.bin"), new byte[10]);
        RefusedBytes(WithW(External("w.bin")), "external data in 'w.bin': expected 192 bytes from 0, found a file of 10");
    }

    [Fact]
    public void Elements_in_another_file_are_read()
    {
        File.WriteAllBytes(_folder.File("w.bin"), System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(ForeignArrays.Normal(48, 1)).ToArray());
        var model = Loaded(WithW(External("w.bin")));
        Assert.Equal(ForeignArrays.Normal(48, 1)[1], model.Parameters["input.W"].Values[16]);
    }

    private static byte[] WithW(MessageWriter weights)
    {
        var foreign = new ForeignGraph();
        var y = foreign.Graph.Nodes("LSTM", ["x", "W", foreign.Random(1, 16, 4), ""], 2)[1];
        _ = foreign.Bytes(ElementType.Float, ["steps", "batch", "3"], y);
        var graph = foreign.Graph.Finish("g").Message(Fields.GraphInitializer, weights);
        return new MessageWriter().Number(Fields.ModelIrVersion, 8).Message(Fields.ModelGraph, graph).Message(Fields.ModelOpset, new MessageWriter().Number(Fields.OpsetVersion, 17)).Bytes.ToArray();
    }

    private static MessageWriter External(string location) => new MessageWriter().Number(Fields.TensorDims, 1).Number(Fields.TensorDims, 16).Number(Fields.TensorDims, 3).Number(Fields.TensorType, 1)
        .Text(Fields.TensorName, "W").Message(Fields.TensorExternal, new MessageWriter().Text(Fields.EntryKey, "location").Text(Fields.EntryValue, location)).Number(Fields.TensorLocation, 1);

    private static string Last(ForeignGraph foreign) =>
        foreign.Graph.Node("Squeeze", [foreign.Layer("LSTM", foreign.Transposed("x", 1, 0, 2), ForeignGraph.Inputs, 1)[1], foreign.Graph.Integers(0)]);

    /// <summary>The operators alone say the same weights and outputs.</summary>
    private void WithoutMetadata(SequenceClassifier model)
    {
        if (model.Scaling.Channels > 1) model.Scaling = new FrameScaling([0], [1]);
        OnnxExport.Write(model, _folder.File("m.onnx"));
        var text = File.ReadAllBytes(_folder.File("m.onnx"));
        var at = text.AsSpan().LastIndexOf("\u0007htensor\u0012"u8);
        text[at + 1] = (byte)'x';
        File.WriteAllBytes(_folder.File("m.onnx"), text);
        Assert.Equal(model.Parameters.Sha256(), OnnxImport.Load(_folder.File("m.onnx")).Parameters.Sha256());
    }

    private void Refused(MessageWriter attribute, string part) => Bad(foreign => foreign.Layer("LSTM", foreign.Transposed("x", 1, 0, 2), ForeignGraph.Inputs, 1, attribute)[1], part);

    private void Bad(Func<ForeignGraph, string> make, params string[] parts)
    {
        var foreign = new ForeignGraph();
        RefusedBytes(foreign.Bytes(ElementType.Float, BatchFirst, make(foreign)).ToArray(), parts);
    }

    private void RefusedBytes(byte[] bytes, params string[] parts)
    {
        File.WriteAllBytes(_folder.File("m.onnx"), bytes);
        Malformed.Refused(_folder.File("m.onnx"), () => OnnxImport.Load(_folder.File("m.onnx")), parts);
    }

    private SequenceClassifier Loaded(ReadOnlyMemory<byte> bytes)
    {
        File.WriteAllBytes(_folder.File("m.onnx"), bytes.Span);
        return OnnxImport.Load(_folder.File("m.onnx"));
    }

    /// <summary>ONNX Runtime over the file, and ours over the model that it became.</summary>
    private void Same(SequenceClassifier model, bool symbols = false)
    {
        using var session = new OnnxSession(_folder.File("m.onnx"));
        var frames = symbols ? [.. Enumerable.Range(0, Batch * Steps).Select(i => (float)(i * i % 7))] : ForeignArrays.Normal(Batch * Steps * ForeignGraph.Inputs, 9, 1);
        var source = ArraySequenceSource.FromFloats(frames, Steps, [model.FrameSize], new int[Batch]);
        var ours = model.Predict(new SequenceSet(source, Enumerable.Range(0, Batch).ToArray()));
        var x = symbols ? OnnxSession.Value("x", [.. frames.Select(value => (long)value)], Batch, Steps) : OnnxSession.Value("x", frames, Batch, Steps, ForeignGraph.Inputs);
        var theirs = session.Run(x)["y"];
        Assert.Equal(theirs.Length, ours.Length);
        for (var i = 0; i < ours.Length; i++) Assert.Equal(theirs[i], ours[i], ForeignArrays.Near);
    }
}
