using System.Globalization;
using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// Writes the weights of a model under the names of other programs, matrices dense. Where a program has two biases of which only the sum matters, the
/// first is ours and the second zeros. <see cref="RecurrentImport"/> reads the recurrent layers back, bit for bit where their matrices are dense already.
/// </summary>
public static class RecurrentExport
{
    /// <summary>
    /// safetensors with PyTorch's names: <c>weight_ih_l0</c> and so on, behind <c>rnn.</c> where the model has more than recurrent layers: <c>readout.weight</c>
    /// [outputs, H], <c>readout.bias</c>, <c>front.weight</c> [N, frame] of a dense layer or [symbols, N] of an embedding, <c>front.bias</c>, <c>scaling.mean</c>, <c>scaling.deviation</c>.
    /// </summary>
    /// <exception cref="NotSupportedException">The cell is a GRU with the reset before the product, which PyTorch does not have.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Safetensors(SequenceClassifier model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Options is { Cell: CellKind.Gru, Reset: GruReset.Before })
            throw new NotSupportedException("export with PyTorch's names: expected a GRU with its reset after the product, found one with the reset before it");
        var tensors = new Dictionary<string, SafetensorsTensor>();
        void Add(string name, float[] values, params int[] shape) => tensors[name] = SafetensorsTensor.From<float>(values, shape);
        Around(model, Add, turned: true);
        var start = tensors.Count > 0 ? "rnn." : "";
        foreach (var (layer, name, _) in Layers(model))
        {
            var (dense, rows) = (DenseLayer.Of(model, layer, GateOrder.PyTorch(layer.Cell), MatrixStorage.Columns), layer.Gates * layer.Hidden);
            Add($"{start}weight_ih_{name}", dense.Input, rows, layer.Inputs);
            Add($"{start}weight_hh_{name}", dense.Recurrent, rows, layer.Hidden);
            Add($"{start}bias_ih_{name}", dense.Bias, rows);
            Add($"{start}bias_hh_{name}", dense.RecurrentBias, rows);
        }

        SafetensorsFile.Write(path, tensors);
    }

    /// <summary>
    /// npz with Keras' names: <c>rnn_1.kernel</c> [N, gates H], <c>rnn_1.recurrent_kernel</c>, <c>rnn_1.bias</c> ([2, 3 H] of a GRU with the reset after the
    /// product), both directions as <c>rnn_1.forward_rnn</c> and <c>rnn_1.backward_rnn</c>; <c>readout.kernel</c> [H, outputs], <c>readout.bias</c>, <c>front.kernel</c> or <c>front.embeddings</c>.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Npz(SequenceClassifier model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        var arrays = new Dictionary<string, NpyArray>();
        void Add(string name, float[] values, params int[] shape) => arrays[name] = NpyArray.From<float>(values, shape);
        Around(model, Add, turned: false);
        foreach (var (layer, _, name) in Layers(model))
        {
            var (dense, rows) = (DenseLayer.Of(model, layer, GateOrder.Keras(layer.Cell), MatrixStorage.Rows), layer.Gates * layer.Hidden);
            Add($"{name}.kernel", dense.Input, layer.Inputs, rows);
            Add($"{name}.recurrent_kernel", dense.Recurrent, layer.Hidden, rows);
            if (layer.CandidateBiasName is null) Add($"{name}.bias", dense.Bias, rows);
            else Add($"{name}.bias", [.. dense.Bias, .. dense.RecurrentBias], 2, rows);
        }

        NpzArchive.Write(path, arrays, NpzCompression.Stored);
    }

    private static IEnumerable<(LayerLayout Layer, string PyTorch, string Keras)> Layers(SequenceClassifier model)
    {
        for (var layer = 0; layer < model.Layout.Layers.Count; layer++)
        {
            var directions = model.Layout.Layers[layer];
            for (var direction = 0; direction < directions.Count; direction++)
            {
                yield return (directions[direction], string.Create(CultureInfo.InvariantCulture, $"l{layer}{(direction > 0 ? "_reverse" : "")}"),
                    string.Create(CultureInfo.InvariantCulture, $"rnn_{layer + 1}{(directions.Count == 1 ? "" : direction > 0 ? ".backward_rnn" : ".forward_rnn")}"));
            }
        }
    }

    /// <summary>What is in front of the recurrent layers and behind them.</summary>
    private static void Around(SequenceClassifier model, Action<string, float[], int[]> add, bool turned)
    {
        var parameters = model.Parameters;
        if (model.Layout.Readout is not null) Dense("readout", ClassifierLayout.ReadoutName, ClassifierLayout.ReadoutBiasName);
        if (model.Options.Front is { Kind: FrontKind.Dense }) Dense("front", ClassifierLayout.FrontName, ClassifierLayout.FrontBiasName);
        if (model.Options.Front is { Kind: FrontKind.Embedding }) add(turned ? "front.weight" : "front.embeddings", parameters[ClassifierLayout.FrontName].Values.ToArray(), [.. parameters[ClassifierLayout.FrontName].Shape.Sizes]);
        var scaling = model.Scaling;
        if (scaling.Mean.Any(mean => mean != 0) || scaling.Deviation.Any(deviation => deviation != 1))
        {
            add("scaling.mean", scaling.Mean, [scaling.Channels]);
            add("scaling.deviation", scaling.Deviation, [scaling.Channels]);
        }

        void Dense(string name, string matrix, string bias)
        {
            var (values, shape) = (parameters[matrix].Values.ToArray(), parameters[matrix].Shape.Sizes);
            var (rows, columns) = (shape[0], shape[1]);
            if (turned) add($"{name}.weight", [.. Enumerable.Range(0, values.Length).Select(i => values[i % rows * columns + i / rows])], [columns, rows]);
            else add($"{name}.kernel", values, [rows, columns]);
            add($"{name}.bias", parameters[bias].Values.ToArray(), [columns]);
        }
    }
}
