namespace HTensor.Onnx;

/// <summary>The states of a graph from step to step or piece to piece, as its inputs and outputs; zeros where it has none.</summary>
/// <param name="graph">The graph.</param>
/// <param name="isKept">Whether states are inputs and outputs.</param>
/// <param name="batch">The batch's size, a vector of one.</param>
internal sealed class StateValues(GraphBuilder graph, bool isKept, Func<string> batch)
{
    public const string Batch = "batch";
    private const string Next = "_next";

    private readonly Dictionary<int, string> _zeros = [];

    public bool IsKept => isKept;

    /// <summary>[batch, size] before the first step.</summary>
    public string Before(string name, int size)
    {
        if (isKept)
        {
            graph.Input(GraphBuilder.Value(name, ElementType.Float, Batch, $"{size}"));
            return name;
        }

        if (!_zeros.TryGetValue(size, out var zeros))
            _zeros[size] = zeros = graph.Node("ConstantOfShape", [graph.Node("Concat", [batch(), graph.Integers(size)], GraphBuilder.Attribute("axis", 0L))]);
        return zeros;
    }

    /// <summary>[batch, size] after the last step.</summary>
    public void After(string name, int size, string value)
    {
        if (!isKept) return;
        graph.Add("Identity", [value], [name + Next]);
        graph.Output(GraphBuilder.Value(name + Next, ElementType.Float, Batch, $"{size}"));
    }
}
