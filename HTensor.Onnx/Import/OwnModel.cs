using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>A file that <see cref="OnnxExport"/> wrote: the options are in its metadata, the parameters are its stored tensors, in the operators' order where dense.</summary>
internal static class OwnModel
{
    /// <exception cref="InvalidDataException">A tensor is missing or of another shape.</exception>
    public static SequenceClassifier Read(DataPlace place, string json, OnnxGraph graph)
    {
        var options = ModelJson.Read(json);
        var held = graph.Initializers.Values.Sum(tensor => (double)Math.Max(tensor.Bytes.Length, tensor.Integers.Count));
        if (options.HiddenModes.Aggregate(1.0, (product, mode) => product * mode) > held) throw place.Wrong($"expected numbers of {string.Join('x', options.HiddenModes)} hidden units, found {held} bytes in all");
        var layout = new ClassifierLayout(options);
        StoredTensor? Find(string name) => graph.Initializers.TryGetValue(name, out var tensor) ? StoredTensor.Of(place.File, tensor) : null;
        StoredTensor Required(string name) => Find(name) ?? throw place.Wrong($"expected tensor '{name}', found none");
        var operators = layout.Layers.SelectMany(directions => directions).Where(layer => graph.Initializers.ContainsKey(layer.Name(OperatorLayers.Weights))).ToHashSet();
        var ofOperators = layout.Layers.Where(directions => operators.Contains(directions[0])).SelectMany(directions => directions).SelectMany(layer => layer.Parameters).Select(parameter => parameter.Name).ToHashSet();
        // Before memory is taken for what a few bytes of options may ask for.
        foreach (var parameter in layout.Parameters.Where(parameter => !ofOperators.Contains(parameter.Name))) Required(parameter.Name).Array.RequireShape([.. parameter.Sizes]);
        var layers = layout.Layers.Select(directions => operators.Contains(directions[0]) ? Layers(directions, Required) : null).ToArray();
        var scaling = Find(FrameNodes.MeanName) is { } mean ? new FrameScaling(mean.Array.Values.ToArray(), Required(FrameNodes.DeviationName).Array.Values.ToArray()) : new FrameScaling([0], [1]);
        if (layout.FrameSize % scaling.Channels != 0) throw place.Wrong($"{FrameNodes.MeanName}: expected a number of channels that divides a frame of {layout.FrameSize} values, found {scaling.Channels}");
        var model = new SequenceClassifier(layout, scaling);
        foreach (var parameter in model.Parameters.Items.Where(parameter => !ofOperators.Contains(parameter.Name))) Required(parameter.Name).Array.Values.CopyTo(parameter.Values);
        for (var layer = 0; layer < layers.Length; layer++)
        {
            for (var direction = 0; layers[layer] is { } read && direction < read.Count; direction++) read[direction].CopyTo(layout.Layers[layer][direction], model.Parameters);
        }

        return model;
    }

    private static IReadOnlyList<ImportedLayer> Layers(IReadOnlyList<LayerLayout> directions, Func<string, StoredTensor> required)
    {
        var first = directions[0];
        var (rows, order) = (first.Gates * first.Hidden, GateOrder.Onnx(first.Cell));
        var (weights, recurrence, bias) = (required(first.Name(OperatorLayers.Weights)).Array, required(first.Name(OperatorLayers.Recurrence)).Array, required(first.Name(OperatorLayers.Bias)).Array);
        weights.RequireShape(directions.Count, rows, first.Inputs);
        recurrence.RequireShape(directions.Count, rows, first.Hidden);
        bias.RequireShape(directions.Count, 2 * rows);
        return [.. directions.Select((layer, direction) => new ImportedLayer(layer.Prefix, layer.Cell, layer.Reset, layer.Inputs, layer.Hidden)
        {
            Input = new ImportedMatrix(weights, MatrixStorage.Columns, direction * rows * layer.Inputs),
            Recurrent = new ImportedMatrix(recurrence, MatrixStorage.Columns, direction * rows * layer.Hidden),
            InputBias = bias,
            RecurrentBias = bias,
            BiasAt = (direction * 2 * rows, direction * 2 * rows + rows),
            Order = order,
        })];
    }
}
