using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Models by Keras' names against its equations, evaluated plainly over the same arrays.</summary>
public sealed class NpzImportTests : IDisposable
{
    private const int Inputs = 3, Hidden = 5, Steps = 6;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ifgo", "one")]
    [InlineData("ifgo", "two")]
    [InlineData("ifgo", "none")]
    [InlineData("zrn", "one")]
    [InlineData("zrn", "two")]
    [InlineData("zrn", "two rows")]
    [InlineData("h", "one")]
    public void A_layer_of_Keras(string gates, string bias)
    {
        var layer = Layer(gates, Inputs, bias, 1);
        Write("lstm", layer, ".", "");
        var model = RecurrentImport.Npz(_folder.File("m"));
        var frames = ForeignArrays.Frames(Steps, Inputs, 9);
        ForeignArrays.AssertNear(Oracle(gates, layer, bias).Run(frames), ForeignArrays.States(model, frames));
    }

    [Theory]
    [InlineData(".", "")]
    [InlineData("/", ":0")]
    public void Layers_in_the_order_of_their_names_in_both_directions(string separator, string end)
    {
        var layers = Enumerable.Range(0, 4).Select(i => Layer("ifgo", i < 2 ? Inputs : 2 * Hidden, "one", (ulong)i)).ToArray();
        string[] names = ["bidirectional_9.forward_lstm", "bidirectional_9.backward_lstm", "bidirectional_10.forward_lstm", "bidirectional_10.backward_lstm"];
        var arrays = new Dictionary<string, NpyArray> { ["dense.kernel"] = NpyArray.From<float>(new float[4], 2, 2) };
        for (var i = 0; i < 4; i++)
            foreach (var (key, array) in layers[i]) arrays[$"{names[i]}{separator}{key}{end}"] = array;
        WriteAny(arrays);
        var frames = ForeignArrays.Frames(Steps, Inputs, 9);
        PlainLayer Of(int i) => Oracle("ifgo", layers[i], "one");
        var first = ForeignArrays.Joined(Of(0).Run(frames), Of(1).RunBack(frames));
        var expected = ForeignArrays.Joined(Of(2).Run(first), Of(3).RunBack(first));
        ForeignArrays.AssertNear(expected, ForeignArrays.States(RecurrentImport.Npz(_folder.File("m")), frames));
    }

    [Fact]
    public void Textgenrnn_is_a_plain_evaluation_of_its_two_layers()
    {
        var path = SharedData.Require("ckpt_textgenrnn.npz");
        var oracles = new List<PlainLayer>();
        using (var archive = NpzArchive.Open(path))
        {
            foreach (var name in (string[])["rnn_1", "rnn_2"])
            {
                float[] Of(string array) => archive.Read($"{name}.{array}").As<float>().ToArray();
                var bias = Of("bias");
                oracles.Add(ForeignArrays.Keras("ifgo", Of("kernel"), Of("recurrent_kernel"), bias[..512], bias[512..], false));
            }
        }

        // Read as it stands the second layer doubles a rounding from step to step (PyTorch in single is 3e-5 from PyTorch in double after six).
        var frames = ForeignArrays.Frames(Steps / 2, oracles[0].Inputs, 7);
        ForeignArrays.AssertNear(oracles[1].Run(oracles[0].Run(frames)), ForeignArrays.States(RecurrentImport.Npz(path), frames));
        var second = RecurrentImport.Npz(path, new ImportOptions { Nodes = ["rnn_2"] });
        var states = ForeignArrays.Frames(Steps, 128, 8);
        ForeignArrays.AssertNear(oracles[1].Run(states), ForeignArrays.States(second, states));
    }

    /// <summary>kernel_of_LSTM = K.T.reshape(K.shape, order='F') gate by gate, and recurrent_kernel = R.T, as Keras turns them.</summary>
    [Fact]
    public void Kernels_of_CuDNN_are_turned_gate_by_gate()
    {
        var layer = Layer("ifgo", Inputs, "two", 3);
        Write("lstm", layer, ".", "");
        var turned = new Dictionary<string, NpyArray>(layer);
        foreach (var (key, rows) in (ReadOnlySpan<(string, int)>)[("kernel", Inputs), ("recurrent_kernel", Hidden)])
        {
            var (from, to) = (layer[key].As<float>().ToArray(), new float[rows * 4 * Hidden]);
            for (var gate = 0; gate < 4; gate++)
            {
                float[] block = [.. Enumerable.Range(0, rows * Hidden).Select(i => from[i / Hidden * 4 * Hidden + gate * Hidden + i % Hidden])];
                for (var i = 0; i < block.Length; i++) to[i % rows * 4 * Hidden + gate * Hidden + i / rows] = block[i];
            }

            turned[key] = NpyArray.From<float>(to, rows, 4 * Hidden);
        }

        var frames = ForeignArrays.Frames(Steps, Inputs, 9);
        var model = RecurrentImport.Npz(_folder.File("m"), new ImportOptions { Kernels = KernelStorage.CuDnn });
        ForeignArrays.AssertNear(Oracle("ifgo", turned, "two").Run(frames), ForeignArrays.States(model, frames));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refused(arrays => arrays.Remove("lstm.kernel"), "lstm.recurrent_kernel", "expected 'kernel' beside it");
        Refused(arrays => arrays["lstm.kernel"] = NpyArray.From<float>(new float[57], 3, 19), "expected [3, 20], found [3, 19]");
        Refused(arrays => arrays["lstm.bias"] = NpyArray.From<float>(new float[10]), "lstm.bias", "expected [20], found [10]");
        Refused(arrays => arrays["lstm.recurrent_kernel"] = NpyArray.From<long>(new long[100], 5, 20), "expected float32 or float64, found Int64");
        Refused(arrays => arrays["lstm.recurrent_kernel"] = NpyArray.From<float>(new float[50], 5, 10), "of a cell with 4, 3 or 1 gates, found [5, 10]");
        Refused(arrays => arrays.Remove("lstm.recurrent_kernel"), "kernel and recurrent_kernel behind any name");
        Refused(arrays =>
        {
            foreach (var (key, array) in Layer("zrn", Hidden, "one", 4)) arrays[$"other.{key}"] = array;
        }, "other: expected lstm of 5 units as lstm, found gru of 5 units, reset before");
    }

    private static PlainLayer Oracle(string gates, Dictionary<string, NpyArray> layer, string bias)
    {
        var values = layer.TryGetValue("bias", out var array) ? array.As<float>().ToArray() : null;
        var (first, second) = bias.StartsWith("two", StringComparison.Ordinal) ? (values![..(values.Length / 2)], values[(values.Length / 2)..]) : (values, null);
        return ForeignArrays.Keras(gates, layer["kernel"].As<float>().ToArray(), layer["recurrent_kernel"].As<float>().ToArray(), first, second, second is not null);
    }

    private static Dictionary<string, NpyArray> Layer(string gates, int inputs, string bias, ulong seed)
    {
        var width = gates.Length * Hidden;
        var layer = new Dictionary<string, NpyArray>
        {
            ["kernel"] = NpyArray.From<float>(ForeignArrays.Normal(inputs * width, seed + 100), inputs, width),
            ["recurrent_kernel"] = NpyArray.From<float>(ForeignArrays.Normal(Hidden * width, seed + 200), Hidden, width),
        };
        if (bias == "one") layer["bias"] = NpyArray.From<float>(ForeignArrays.Normal(width, seed + 300));
        if (bias == "two") layer["bias"] = NpyArray.From<float>(ForeignArrays.Normal(2 * width, seed + 300));
        if (bias == "two rows") layer["bias"] = NpyArray.From<float>(ForeignArrays.Normal(2 * width, seed + 300), 2, width);
        return layer;
    }

    private void Write(string name, Dictionary<string, NpyArray> layer, string separator, string end) =>
        WriteAny(layer.ToDictionary(pair => $"{name}{separator}{pair.Key}{end}", pair => pair.Value));

    /// <summary>Our own writer refuses names with slashes, numpy's does not.</summary>
    private void WriteAny(Dictionary<string, NpyArray> arrays)
    {
        using var zip = System.IO.Compression.ZipFile.Open(_folder.File("m"), System.IO.Compression.ZipArchiveMode.Create);
        foreach (var (name, array) in arrays)
        {
            NpyFile.Write(_folder.File("one.npy"), array);
            using var entry = zip.CreateEntry($"{name}.npy").Open();
            entry.Write(File.ReadAllBytes(_folder.File("one.npy")));
        }
    }

    private void Refused(Action<Dictionary<string, NpyArray>> spoil, params string[] parts)
    {
        var arrays = Layer("ifgo", Inputs, "one", 1).ToDictionary(pair => $"lstm.{pair.Key}", pair => pair.Value);
        spoil(arrays);
        NpzArchive.Write(_folder.File("m"), arrays);
        Malformed.Refused(_folder.File("m"), () => RecurrentImport.Npz(_folder.File("m")), parts);
    }
}
