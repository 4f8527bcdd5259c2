using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>
/// Layers whose matrices are dense, in the operators LSTM, GRU and RNN: W [directions, gates H, N], R [directions, gates H, H], B [directions, 2 gates H],
/// gates i o f c and z r h. The second half of B is 0 but for the candidate of a GRU with the reset after the product.
/// </summary>
internal sealed class OperatorLayers(GraphBuilder graph, SequenceClassifier model, StateValues states, Func<string, string> flat) : ILayerRunner
{
    /// <summary>Names behind a layer's prefix.</summary>
    public const string Weights = "W", Recurrence = "R", Bias = "B";

    /// <summary>Whether these operators can hold the model.</summary>
    public static bool Fits(SequenceClassifier model) =>
        model.Layout.Layers.SelectMany(layers => layers).All(layer => layer.Recurrent is null && layer.Named[0].Format is DenseFormat);

    public string Run(string x, Readout readout)
    {
        x = graph.Node("Transpose", [flat(x)], Permutation(1, 0, 2));
        var layers = model.Layout.Layers;
        for (var layer = 0; layer + 1 < layers.Count; layer++) x = Joined(Layer(layer, x)[0], 0, 2);
        var outputs = Layer(layers.Count - 1, x);
        if (readout == Readout.Last) return graph.Node("Reshape", [graph.Node("Transpose", [outputs[1]], Permutation(1, 0, 2)), graph.Integers(0, -1)]);
        return Joined(outputs[0], 2, 0);
    }

    /// <summary>Y [steps, directions, batch, H] to [steps, batch, directions H], or batch first.</summary>
    private string Joined(string y, long first, long second) =>
        graph.Node("Reshape", [graph.Node("Transpose", [y], Permutation(first, second, 1, 3)), graph.Integers(0, 0, -1)]);

    private string[] Layer(int layer, string x)
    {
        var directions = model.Layout.Layers[layer];
        var layout = directions[0];
        Store(directions);
        var (kind, count) = (layout.Cell, CellNodes.States(layout.Cell));
        string[] names = [.. ((string[])["h", "c"]).Take(count).Select(name => $"{name}{layer}")];
        string[] before = states.IsKept ? [.. names.Select(name => graph.Node("Unsqueeze", [states.Before(name, layout.Hidden), graph.Integers(0)]))] : [];
        var outputs = graph.Nodes(kind.ToString().ToUpperInvariant(), [x, layout.Name(Weights), layout.Name(Recurrence), layout.Name(Bias), .. before.Length > 0 ? (string[])["", .. before] : []], 1 + count,
        [
            GraphBuilder.Attribute("hidden_size", (long)layout.Hidden),
            .. directions.Count == 2 ? [GraphBuilder.Attribute("direction", "bidirectional")] : Array.Empty<MessageWriter>(),
            .. layout.CandidateBiasName is not null ? [GraphBuilder.Attribute("linear_before_reset", 1L)] : Array.Empty<MessageWriter>(),
        ]);
        for (var i = 0; i < count && states.IsKept; i++) states.After(names[i], layout.Hidden, graph.Node("Squeeze", [outputs[1 + i], graph.Integers(0)]));
        return outputs;
    }

    private void Store(IReadOnlyList<LayerLayout> directions)
    {
        var first = directions[0];
        var (gates, hidden, inputs) = (first.Gates, first.Hidden, first.Inputs);
        DenseLayer[] layers = [.. directions.Select(layer => DenseLayer.Of(model, layer, GateOrder.Onnx(layer.Cell), MatrixStorage.Columns))];
        graph.Floats(first.Name(Weights), layers.SelectMany(layer => layer.Input).ToArray(), directions.Count, gates * hidden, inputs);
        graph.Floats(first.Name(Recurrence), layers.SelectMany(layer => layer.Recurrent).ToArray(), directions.Count, gates * hidden, hidden);
        graph.Floats(first.Name(Bias), layers.SelectMany(layer => (float[])[.. layer.Bias, .. layer.RecurrentBias]).ToArray(), directions.Count, 2 * gates * hidden);
    }

    private static MessageWriter Permutation(params long[] axes) => GraphBuilder.Attribute("perm", axes);
}
