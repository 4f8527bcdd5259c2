using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>
/// A node LSTM, GRU or RNN as layers: W [directions, gates H, N], R [directions, gates H, H], B [directions, 2 gates H], gates i o f c and z r h. What our
/// cells do not do is refused by its name: other activations, peepholes, clip, coupled gates, lengths, batch-first layout, the reverse direction alone.
/// </summary>
internal static class OperatorLayer
{
    private static readonly string[] Kinds = ["LSTM", "GRU", "RNN"];

    public static bool Is(OnnxNode node) => Kinds.Contains(node.Operator) && node.Domain is "" or "ai.onnx";

    /// <summary>Forward and, where the node has it, backward.</summary>
    /// <exception cref="InvalidDataException">Weights are missing or do not fit, or the node does what our cells do not.</exception>
    public static IReadOnlyList<ImportedLayer> Read(OnnxNode node, Constants constants)
    {
        var place = constants.Place;
        var cell = node.Operator switch { "LSTM" => CellKind.Lstm, "GRU" => CellKind.Gru, _ => CellKind.Rnn };
        var directions = Directions(node, place);
        RequirePlain(node, cell, directions, constants);
        var (input, recurrent) = (Required(node, constants, 1, "W").Array, Required(node, constants, 2, "R").Array);
        var gates = RecurrentCell.Gates(cell);
        if (recurrent.Shape is not [_, var rows, var hidden] || hidden < 1 || rows != (long)gates * hidden) throw recurrent.Place.Unexpected("shape of R", $"[{directions}, {gates} H, H]", ImportedArray.ArrayText(recurrent.Shape));
        if (input.Shape is not [_, _, var inputs] || inputs < 1) throw input.Place.Unexpected("shape of W", $"[{directions}, {rows}, N]", ImportedArray.ArrayText(input.Shape));
        recurrent.RequireShape(directions, rows, hidden);
        input.RequireShape(directions, rows, inputs);
        if (node.Attributes.TryGetValue("hidden_size", out var said) && said.Integer != hidden) throw place.Unexpected($"{node}: hidden_size", $"{hidden}, that of R", $"{said.Integer}");
        var bias = Input(node, 3) is { Length: > 0 } ? Required(node, constants, 3, "B").Array : null;
        bias?.RequireShape(directions, 2 * rows);
        var reset = cell == CellKind.Gru && node.Attributes.TryGetValue("linear_before_reset", out var linear) && linear.Integer != 0 ? GruReset.After : GruReset.Before;
        return [.. Enumerable.Range(0, directions).Select(direction => new ImportedLayer(node.ToString(), cell, reset, inputs, hidden)
        {
            Input = new ImportedMatrix(input, MatrixStorage.Columns, direction * rows * inputs),
            Recurrent = new ImportedMatrix(recurrent, MatrixStorage.Columns, direction * rows * hidden),
            InputBias = bias,
            RecurrentBias = bias,
            BiasAt = (direction * 2 * rows, direction * 2 * rows + rows),
            Order = GateOrder.Onnx(cell),
        })];
    }

    /// <summary>Name of an input; empty: it is left out.</summary>
    public static string Input(OnnxNode node, int index) => index < node.Inputs.Count ? node.Inputs[index] : "";

    private static int Directions(OnnxNode node, DataPlace place)
    {
        var direction = node.Attributes.TryGetValue("direction", out var said) ? said.Text : "forward";
        return direction switch
        {
            "forward" => 1,
            "bidirectional" => 2,
            _ => throw place.Unexpected($"{node}: direction", "forward or bidirectional", direction),
        };
    }

    private static void RequirePlain(OnnxNode node, CellKind cell, int directions, Constants constants)
    {
        var place = constants.Place;
        string[] one = cell switch { CellKind.Lstm => ["Sigmoid", "Tanh", "Tanh"], CellKind.Gru => ["Sigmoid", "Tanh"], _ => ["Tanh"] };
        string[] expected = [.. Enumerable.Repeat(one, directions).SelectMany(names => names)];
        if (node.Attributes.TryGetValue("activations", out var activations) && activations.Texts.Count > 0 && !activations.Texts.SequenceEqual(expected, StringComparer.OrdinalIgnoreCase))
            throw place.Unexpected($"{node}: activations", string.Join(", ", expected), string.Join(", ", activations.Texts));
        if (node.Attributes.TryGetValue("clip", out var clip)) throw place.Unexpected($"{node}: clip", "none", $"{clip.Single}");
        foreach (var key in (string[])["input_forget", "layout"])
            if (node.Attributes.TryGetValue(key, out var flag) && flag.Integer != 0) throw place.Unexpected($"{node}: {key}", "0", $"{flag.Integer}");
        if (Input(node, 4).Length > 0) throw place.Unexpected($"{node}: sequence_lens", "none: every sequence of a batch has its own call", $"'{Input(node, 4)}'");
        if (Input(node, 7) is { Length: > 0 } peepholes && constants.Find(peepholes) is not { IsZero: true }) throw place.Unexpected($"{node}: peepholes", "none, or zeros", $"'{peepholes}'");
    }

    private static StoredTensor Required(OnnxNode node, Constants constants, int index, string what) => constants.Find(Input(node, index))
        ?? throw constants.Place.Unexpected($"{node}: {what}", "a stored tensor", Input(node, index).Length == 0 ? "none" : $"'{Input(node, index)}', which is computed or missing");
}
