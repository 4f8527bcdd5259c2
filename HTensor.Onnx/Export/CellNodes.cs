using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>One step of a cell in nodes: from z [batch, gates H], which has W x and the bias, and the states [batch, H] to the next states.</summary>
internal static class CellNodes
{
    /// <summary>States that a cell keeps: h, and an LSTM's c.</summary>
    public static int States(CellKind cell) => cell == CellKind.Lstm ? 2 : 1;

    /// <param name="graph">Where the nodes go: the body of a loop, or the model itself.</param>
    /// <param name="layer">The weights, stored around the loop.</param>
    /// <param name="z">[batch, gates H]</param>
    /// <param name="states">h, or h and c.</param>
    public static string[] Step(GraphBuilder graph, LayerNodes layer, string z, string[] states) => (layer.Layer.Cell, layer.Layer.Reset) switch
    {
        (CellKind.Lstm, _) => Lstm(graph, layer, z, states[0], states[1]),
        (CellKind.Gru, GruReset.After) => [GruAfter(graph, layer, z, states[0])],
        (CellKind.Gru, _) => [GruBefore(graph, layer, z, states[0])],
        _ => [graph.Node("Tanh", [graph.Node("Add", [z, graph.Node("MatMul", [states[0], layer.Recurrent])])])],
    };

    /// <summary>c' = f c + i g; h' = o tanh(c').</summary>
    private static string[] Lstm(GraphBuilder graph, LayerNodes layer, string z, string h, string c)
    {
        var gates = Split(graph, graph.Node("Add", [z, graph.Node("MatMul", [h, layer.Recurrent])]), 4);
        string Sigmoid(string gate) => graph.Node("Sigmoid", [gate]);
        var kept = graph.Node("Mul", [Sigmoid(gates[1]), c]);
        var taken = graph.Node("Mul", [Sigmoid(gates[0]), graph.Node("Tanh", [gates[2]])]);
        var cell = graph.Node("Add", [kept, taken]);
        return [graph.Node("Mul", [Sigmoid(gates[3]), graph.Node("Tanh", [cell])]), cell];
    }

    /// <summary>n = tanh(z_n + r (U_n h + b)); h' = n + u (h - n).</summary>
    private static string GruAfter(GraphBuilder graph, LayerNodes layer, string z, string h)
    {
        var input = Split(graph, z, 3);
        var product = Split(graph, graph.Node("MatMul", [h, layer.Recurrent]), 3);
        var reset = graph.Node("Sigmoid", [graph.Node("Add", [input[0], product[0]])]);
        var update = graph.Node("Sigmoid", [graph.Node("Add", [input[1], product[1]])]);
        var recurrent = graph.Node("Mul", [reset, graph.Node("Add", [product[2], layer.Layer.CandidateBiasName!])]);
        return Mixed(graph, update, graph.Node("Tanh", [graph.Node("Add", [input[2], recurrent])]), h);
    }

    /// <summary>n = tanh(z_n + U_n (r h)); h' = n + u (h - n).</summary>
    private static string GruBefore(GraphBuilder graph, LayerNodes layer, string z, string h)
    {
        var (ofGates, ofCandidates) = layer.RecurrentParts;
        var input = Split(graph, z, 3);
        var product = Split(graph, graph.Node("MatMul", [h, ofGates]), 2);
        var reset = graph.Node("Sigmoid", [graph.Node("Add", [input[0], product[0]])]);
        var update = graph.Node("Sigmoid", [graph.Node("Add", [input[1], product[1]])]);
        var recurrent = graph.Node("MatMul", [graph.Node("Mul", [reset, h]), ofCandidates]);
        return Mixed(graph, update, graph.Node("Tanh", [graph.Node("Add", [input[2], recurrent])]), h);
    }

    private static string Mixed(GraphBuilder graph, string update, string candidate, string h) =>
        graph.Node("Add", [candidate, graph.Node("Mul", [update, graph.Node("Sub", [h, candidate])])]);

    private static string[] Split(GraphBuilder graph, string value, int parts) => graph.Nodes("Split", [value], parts, GraphBuilder.Attribute("axis", 1L));
}
