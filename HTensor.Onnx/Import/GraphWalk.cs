using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>
/// Follows a plain classifier from its input to its output, node by node, over the axes of each value: an embedding or a dense layer, recurrent layers one after
/// another, the states of the last step, of all or their mean, a dense layer, softmax. Another operator on the way is refused by its name.
/// </summary>
internal sealed partial class GraphWalk
{
    private static readonly string[] OfShapes = ["Shape", "ConstantOfShape", "Expand", "Concat", "Gather", "Slice", "Unsqueeze", "Squeeze", "Cast", "Mul", "Add", "Equal", "Where", "Range", "Constant", "Identity", "Reshape", "Transpose"];

    private readonly OnnxGraph _graph;
    private readonly Constants _constants;
    private readonly Dictionary<string, Flow> _flows = [];

    /// <summary>Values that follow from sizes, such as zeros of a batch's size; and inputs other than the first, which hold states.</summary>
    private readonly HashSet<string> _sizes = [];

    public GraphWalk(OnnxGraph graph, Constants constants) => (_graph, _constants) = (graph, constants);

    public List<IReadOnlyList<ImportedLayer>> Layers { get; } = [];

    public StoredTensor? Embedding { get; private set; }

    public DenseWeights? Front { get; private set; }

    public DenseWeights? Head { get; private set; }

    /// <summary>What the graph gives.</summary>
    public Flow Output { get; private set; } = null!;

    /// <summary>What the dense layer reads where it does not read every step.</summary>
    public Readout Readout { get; private set; } = Readout.Last;

    public SequenceTask Task { get; private set; } = SequenceTask.Regression;

    private DataPlace Place => _constants.Place;

    public void Run()
    {
        var first = true;
        foreach (var (name, rank) in _graph.Inputs.Where(input => !_graph.Initializers.ContainsKey(input.Name)))
        {
            if (first) _flows[name] = new Flow(Content.Frame, [.. Enumerable.Repeat(Axis.Any, rank < 0 ? 3 : rank)]);
            else _sizes.Add(name);
            first = false;
        }

        foreach (var node in _graph.Nodes) Take(node);
        var outputs = _graph.Outputs.Select(name => _flows.GetValueOrDefault(name)).OfType<Flow>().ToArray();
        if (Layers.Count == 0) throw Place.Wrong("expected a recurrent layer (LSTM, GRU or RNN), found none in the graph; one within another graph is taken by its node's name");
        Output = outputs.FirstOrDefault(flow => flow.Content is Content.Scores or Content.Probabilities) ?? outputs.FirstOrDefault(flow => flow.Content is Content.States or Content.Last)
            ?? throw Place.Wrong("outputs: expected states or what a dense layer makes of them, found others");
        if (Output.Layer != Layers.Count) throw Place.Wrong("outputs: expected those of the last recurrent layer, found those of another");
    }

    private void Take(OnnxNode node)
    {
        if (node.Outputs.Count == 0 || _constants.Find(node.Outputs[0]) is not null) return;
        foreach (var input in node.Inputs)
        {
            if (input.Length > 0 && !_flows.ContainsKey(input) && !_sizes.Contains(input) && _constants.Find(input) is null)
                throw Place.Wrong($"{node}: expected inputs that stand before it, found '{input}', which no node before it gives: a cycle, or a value that is missing");
        }

        if (node.Inputs.Select(input => _flows.GetValueOrDefault(input)).OfType<Flow>().FirstOrDefault() is not { } flow || node.Operator == "Shape")
        {
            if (!OfShapes.Contains(node.Operator)) throw Unknown(node);
            foreach (var output in node.Outputs) _sizes.Add(output);
            return;
        }

        if (OperatorLayer.Is(node)) Recurrent(node, flow);
        else _flows[node.Outputs[0]] = Next(node, flow);
    }

    private Flow Next(OnnxNode node, Flow flow) => node.Operator switch
    {
        "Identity" or "Dropout" or "Cast" => flow,
        "Transpose" => Permuted(node, flow),
        "Squeeze" => Squeezed(node, flow),
        "Unsqueeze" => Unsqueezed(node, flow),
        "Reshape" => Reshaped(node, flow),
        "Gather" => _flows.ContainsKey(OperatorLayer.Input(node, 0)) ? Gathered(node, flow) : Embedded(node, flow),
        "Slice" => Sliced(node, flow),
        "Concat" => Joined(node),
        "ReduceMean" => Averaged(node, flow),
        "MatMul" or "Gemm" => Multiplied(node, flow),
        "Add" => Biased(node, flow),
        "LeakyRelu" => Leaky(node, flow),
        "Softmax" or "Sigmoid" => Squashed(node, flow),
        _ => throw Unknown(node),
    };

    private InvalidDataException Unknown(OnnxNode node) =>
        Place.Unexpected("graph", "recurrent layers and a plain classifier around them", $"{node}; the recurrent layers alone are taken by their nodes' names");

    private InvalidDataException Misplaced(OnnxNode node, string expected, Flow flow) => Place.Unexpected($"{node}", expected, $"{flow.Content} over [{string.Join(", ", flow.Axes)}]");

    private void Recurrent(OnnxNode node, Flow flow)
    {
        if (!_flows.ContainsKey(OperatorLayer.Input(node, 0))) throw Place.Wrong($"{node}: expected the sequence as its first input, found another value");
        var follows = flow.Content == Content.States ? flow is { Axes: [Axis.Step, Axis.Batch, Axis.Feature], Direction: null } : flow.Content is Content.Frame or Content.Front && flow.Axes.Length == 3;
        if (!follows || flow.Layer != Layers.Count) throw Misplaced(node, "frames [steps, batch, values], or the states of the layer before it", flow);
        foreach (var index in (int[])[5, 6])
        {
            var state = OperatorLayer.Input(node, index);
            if (state.Length > 0 && !_sizes.Contains(state) && _constants.Find(state) is not { IsZero: true }) throw Place.Unexpected($"{node}: initial state", "zeros, or an input", $"'{state}'");
        }

        Layers.Add(OperatorLayer.Read(node, _constants));
        string Output(int index) => index < node.Outputs.Count ? node.Outputs[index] : "";
        _flows[Output(0)] = new Flow(Content.States, [Axis.Step, Axis.Direction, Axis.Batch, Axis.Feature], Layers.Count);
        _flows[Output(1)] = new Flow(Content.Last, [Axis.Direction, Axis.Batch, Axis.Feature], Layers.Count);
        _flows[Output(2)] = new Flow(Content.Memory, [Axis.Direction, Axis.Batch, Axis.Feature], Layers.Count);
        _flows.Remove("");
    }
}

/// <summary>A dense layer: W [inputs, outputs], or turned, and a bias.</summary>
internal sealed record DenseWeights(StoredTensor Matrix, bool IsTurned, StoredTensor? Bias)
{
    public int Inputs => Matrix.Shape[IsTurned ? 1 : 0];

    public int Outputs => Matrix.Shape[IsTurned ? 0 : 1];

    public void CopyTo(Span<float> weights, Span<float> bias)
    {
        var values = Matrix.Array.Values;
        for (var i = 0; i < weights.Length; i++) weights[i] = IsTurned ? values[i % Outputs * Inputs + i / Outputs] : values[i];
        if (Bias is not null) Bias.Array.Values.CopyTo(bias);
        else bias.Clear();
    }
}
