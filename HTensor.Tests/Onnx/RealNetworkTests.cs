using HTensor.Core;
using HTensor.Onnx;
using HTensor.Rnn;
using HTensor.Tests.Rnn;
using static HTensor.Tests.Onnx.OnnxSession;

namespace HTensor.Tests.Onnx;

/// <summary>Trained networks in ONNX Runtime: what it says of them beside what we say of the recurrent layers that we take out of them.</summary>
public sealed class RealNetworkTests : IDisposable
{
    private const int Steps = 12, Hidden = 128;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// The whole network from sound, its states carried on; what its encoder gives comes from the branch of its condition, run as a graph of its own. The
    /// network's h and c after each step are those of the LSTM that was taken out, over the encoder's frames.
    /// </summary>
    [Theory]
    [InlineData("then", 16000, 576)]
    [InlineData("else", 8000, 288)]
    public void Silero_gives_the_states_of_the_LSTM_in_it(string branch, long rate, int samples)
    {
        var path = SharedData.Require("silero_vad.onnx");
        var start = $"If_0_{branch}_branch__Inline_0__";
        var encoded = $"{start}/encoder/3/activation/Relu_output_0";
        File.WriteAllBytes(_folder.File("branch"), Branch(path, $"{branch}_branch", encoded));
        using var whole = new OnnxSession(path);
        using var encoder = new OnnxSession(_folder.File("branch"));
        float[] state = new float[2 * Hidden], sound = ForeignArrays.Normal(Steps * samples, 3, 0.1f);
        for (var i = 0; i < sound.Length; i++) sound[i] += 0.3f * (float)Math.Sin(0.05 * i + 0.00001 * i * i);
        var (frames, expected) = (new List<float>(), new List<float>());
        for (var step = 0; step < Steps; step++)
        {
            var (input, before) = (Value("input", sound[(step * samples)..((step + 1) * samples)], 1, samples), Value("state", state, 2, 1, Hidden));
            frames.AddRange(encoder.Run(input, before)[encoded]);
            state = whole.Run(input, before, Value("sr", [rate]))["stateN"];
            expected.AddRange(state[..Hidden]);
        }

        var model = OnnxImport.Load(path, new ImportOptions { Nodes = [$"{start}/decoder/rnn/LSTM"] });
        var found = Predict(model, [.. frames], Steps);
        Assert.Equal(expected.Count, found.Length);
        for (var i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], ForeignArrays.Near);
        Assert.InRange(expected.Max(Math.Abs), 0.1, 1);
    }

    /// <summary>
    /// A graph of LSTM operators over the checkpoint's own arrays, turned here: as they stand, i f c o to i o f c, and as Keras turns those of CuDNNLSTM. Its weights are large:
    /// rounding grows from step to step (as they stand PyTorch in single is 3e-5 from PyTorch in double after six), so the steps are few.
    /// </summary>
    [Theory]
    [InlineData(KernelStorage.Keras, 6, "rnn_1")]
    [InlineData(KernelStorage.Keras, 6, "rnn_2")]
    [InlineData(KernelStorage.Keras, 3, "rnn_1", "rnn_2")]
    [InlineData(KernelStorage.CuDnn, 6, "rnn_1", "rnn_2")]
    public void Textgenrnn_in_operators_made_of_its_arrays(KernelStorage storage, int steps, params string[] nodes)
    {
        var path = SharedData.Require("ckpt_textgenrnn.npz");
        var inputs = nodes[0] == "rnn_1" ? 100 : Hidden;
        File.WriteAllBytes(_folder.File("m"), Operators(path, storage, nodes, inputs));
        var x = nodes[0] == "rnn_1" ? Embedded(path, 3 * steps) : ForeignArrays.Normal(3 * steps * inputs, 5);
        using var session = new OnnxSession(_folder.File("m"));
        var expected = session.Run(Value("x", x, 3, steps, inputs))["y"];
        var found = Predict(RecurrentImport.Npz(path, new ImportOptions { Nodes = nodes, Kernels = storage }), x, steps);
        Assert.Equal(expected.Length, found.Length);
        Assert.InRange(expected.Zip(found, (a, b) => Math.Abs(a - b)).Max(), 0, ForeignArrays.Near);
    }

    private static float[] Predict(SequenceClassifier model, float[] x, int steps)
    {
        var count = x.Length / (steps * model.FrameSize);
        return model.Predict(new SequenceSet(ArraySequenceSource.FromFloats(x, steps, [model.FrameSize], new int[count]), Enumerable.Range(0, count).ToArray()));
    }

    /// <summary>The checkpoint's own embeddings of symbols by chance.</summary>
    private static float[] Embedded(string path, int count)
    {
        using var archive = NpzArchive.Open(path);
        var (rows, random) = (archive.Read("embedding.embeddings"), new Random(5));
        return [.. Enumerable.Range(0, count).SelectMany(_ => rows.As<float>().Slice(random.Next(rows.Shape[0]) * rows.Shape[1], rows.Shape[1]).ToArray())];
    }

    private static byte[] Operators(string path, KernelStorage storage, string[] layers, int inputs)
    {
        var foreign = new ForeignGraph();
        using var archive = NpzArchive.Open(path);
        var x = foreign.Transposed("x", 1, 0, 2);
        foreach (var layer in layers)
        {
            float[] Of(string name) => archive.Read($"{layer}.{name}").As<float>().ToArray();
            var bias = Of("bias");
            string Stored(string name, float[] kernel, int rows) => foreign.Graph.Floats(layer + name, Turned(kernel, rows, storage), 1, 4 * Hidden, rows);
            string[] arguments = [x, Stored("W", Of("kernel"), inputs), Stored("R", Of("recurrent_kernel"), Hidden),
                foreign.Graph.Floats(layer + "B", (float[])[.. Turned(bias[..512], 1, KernelStorage.Keras), .. Turned(bias[512..], 1, KernelStorage.Keras)], 1, 8 * Hidden)];
            var y = foreign.Graph.Nodes("LSTM", arguments, 1, GraphBuilder.Attribute("hidden_size", (long)Hidden))[0];
            x = foreign.Graph.Node("Squeeze", [y, foreign.Graph.Integers(1)]);
            inputs = Hidden;
        }

        return foreign.Bytes(ElementType.Float, ["batch", "steps", "values"], foreign.Transposed(x, 1, 0, 2)).ToArray();
    }

    /// <summary>[rows, i f c o] to [i o f c, rows]; of CuDNN what stands in a gate's columns is [H, rows] already, row after row.</summary>
    private static float[] Turned(float[] kernel, int rows, KernelStorage storage)
    {
        float At(int gate, int unit, int row)
        {
            var (i, j) = storage == KernelStorage.Keras ? (row, unit) : ((unit * rows + row) / Hidden, (unit * rows + row) % Hidden);
            return kernel[i * 4 * Hidden + gate * Hidden + j];
        }

        return [.. new[] { 0, 3, 1, 2 }.SelectMany(gate => Enumerable.Range(0, Hidden).SelectMany(unit => Enumerable.Range(0, rows).Select(row => At(gate, unit, row))))];
    }

    /// <summary>The graph of a condition's branch as a model, with one value of it as the output.</summary>
    private static byte[] Branch(string path, string name, string output)
    {
        var graph = new MessageWriter().Text(Fields.GraphName, "branch").Message(Fields.GraphInput, GraphBuilder.Value("input", ElementType.Float, "batch", "samples"))
            .Message(Fields.GraphInput, GraphBuilder.Value("state", ElementType.Float, "2", "batch", "128")).Message(Fields.GraphOutput, GraphBuilder.Value(output, ElementType.Float));
        var attributes = Contents(File.ReadAllBytes(path), Fields.ModelGraph).SelectMany(whole => Contents(whole, Fields.GraphNode)).SelectMany(node => Contents(node, Fields.NodeAttribute));
        var branch = attributes.Single(attribute => Contents(attribute, Fields.AttributeName).Any(text => System.Text.Encoding.UTF8.GetString(text) == name));
        foreach (var node in Contents(branch, Fields.AttributeG).SelectMany(inner => Contents(inner, Fields.GraphNode))) graph.Content(Fields.GraphNode, node);
        return new MessageWriter().Number(Fields.ModelIrVersion, 8).Message(Fields.ModelGraph, graph).Message(Fields.ModelOpset, new MessageWriter().Number(Fields.OpsetVersion, 16)).Bytes.ToArray();
    }

    /// <summary>The content of each field of this number in a message.</summary>
    private static List<byte[]> Contents(byte[] message, int field)
    {
        var (reader, found) = (new MessageReader(message, 0, message.Length), new List<byte[]>());
        while (reader.Next())
        {
            if (reader.Field == field && reader.IsRange) found.Add(reader.Bytes().ToArray());
            else reader.Skip();
        }

        return found;
    }
}
