using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>
/// Layers of any format: the input projections of all steps at once, the cell in a Scan; for one step without it.
/// </summary>
/// <param name="graph">Where the nodes go.</param>
/// <param name="model">The model.</param>
/// <param name="states">Those before and after.</param>
/// <param name="batchAndSteps">Both sizes, a vector of two; null: one step.</param>
internal sealed class ScanLayers(GraphBuilder graph, SequenceClassifier model, StateValues states, Func<string>? batchAndSteps) : ILayerRunner
{
    public string Run(string x, Readout readout)
    {
        var layers = model.Layout.Layers;
        for (var layer = 0; layer < layers.Count; layer++)
        {
            var last = layer + 1 == layers.Count;
            string[] read = [.. layers[layer].Select((_, direction) => Direction(layer, direction, x, !last || readout != Readout.Last))];
            x = read.Length == 1 ? read[0] : graph.Node("Concat", read, GraphBuilder.Attribute("axis", -1L));
        }

        return x;
    }

    private string Direction(int layer, int direction, string x, bool everyStep)
    {
        var layout = model.Layout.Layers[layer][direction];
        var weights = new LayerNodes(graph, layout, model.Parameters);
        string[] names = [.. ((string[])["h", "c"]).Take(CellNodes.States(layout.Cell)).Select(name => $"{name}{layer}")];
        string[] before = [.. names.Select(name => states.Before(name, layout.Hidden))];
        var z = weights.Input(x);
        var (after, all) = batchAndSteps is null ? (CellNodes.Step(graph, weights, z, before), "") : Loop(weights, z, before, direction, everyStep);
        for (var i = 0; i < names.Length; i++) states.After(names[i], layout.Hidden, after[i]);
        return everyStep && batchAndSteps is not null ? all : after[0];
    }

    private (string[] After, string All) Loop(LayerNodes weights, string z, string[] before, int direction, bool everyStep)
    {
        var layer = weights.Layer;
        var shape = graph.Node("Concat", [batchAndSteps!(), graph.Integers(layer.Gates * layer.Hidden)], GraphBuilder.Attribute("axis", 0L));
        z = graph.Node("Reshape", [z, shape]);
        var body = new GraphBuilder(graph);
        string[] inside = [.. before.Select(_ => Input(body))];
        var step = Input(body);
        var next = CellNodes.Step(body, weights, step, inside);
        foreach (var state in next) body.Output(GraphBuilder.Value(state, ElementType.Float));
        if (everyStep) body.Output(GraphBuilder.Value(body.Node("Identity", [next[0]]), ElementType.Float));
        var outputs = graph.Nodes("Scan", [.. before, z], before.Length + (everyStep ? 1 : 0),
        [
            GraphBuilder.Attribute("body", body.Finish("b")), GraphBuilder.Attribute("num_scan_inputs", 1L), GraphBuilder.Attribute("scan_input_axes", [1L]),
            GraphBuilder.Attribute("scan_input_directions", [(long)direction]),
            .. everyStep ? [GraphBuilder.Attribute("scan_output_axes", [1L]), GraphBuilder.Attribute("scan_output_directions", [(long)direction])] : Array.Empty<MessageWriter>(),
        ]);
        return (outputs[..before.Length], everyStep ? outputs[^1] : "");
    }

    private static string Input(GraphBuilder body)
    {
        var name = body.NewName();
        body.Input(GraphBuilder.Value(name, ElementType.Float));
        return name;
    }
}
