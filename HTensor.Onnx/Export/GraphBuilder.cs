using System.Globalization;
using System.Runtime.InteropServices;

namespace HTensor.Onnx;

/// <summary>
/// Nodes and stored tensors of a graph as they are added; names of values are short, since a small model is mostly names. The body of a loop is a graph
/// of its own that sees the values of the one around it and stores its constants there.
/// </summary>
internal sealed class GraphBuilder
{
    private readonly GraphBuilder? _outer;
    private readonly MessageWriter _graph = new();
    private readonly Dictionary<string, string> _integers = [];
    private int _names;

    public GraphBuilder(GraphBuilder? outer = null) => _outer = outer;

    private GraphBuilder Root => _outer?.Root ?? this;

    /// <summary>A name that no other value has.</summary>
    public string NewName() => string.Create(CultureInfo.InvariantCulture, $"v{Root._names++}");

    /// <summary>Adds a node of one output.</summary>
    public string Node(string operation, IReadOnlyList<string> inputs, params IReadOnlyList<MessageWriter> attributes)
    {
        var output = NewName();
        Add(operation, inputs, [output], attributes);
        return output;
    }

    /// <summary>Adds a node of several outputs.</summary>
    public string[] Nodes(string operation, IReadOnlyList<string> inputs, int outputs, params IReadOnlyList<MessageWriter> attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => NewName())];
        Add(operation, inputs, names, attributes);
        return names;
    }

    /// <summary>Adds a node whose outputs have names already; an empty one is an output that is not made.</summary>
    public void Add(string operation, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, params IReadOnlyList<MessageWriter> attributes)
    {
        var node = new MessageWriter();
        foreach (var input in inputs) node.Text(Fields.NodeInput, input);
        foreach (var output in outputs) node.Text(Fields.NodeOutput, output);
        node.Text(Fields.NodeOperator, operation);
        foreach (var attribute in attributes) node.Message(Fields.NodeAttribute, attribute);
        _graph.Message(Fields.GraphNode, node);
    }

    /// <summary>A stored vector of integers; equal ones are stored once.</summary>
    public string Integers(params ReadOnlySpan<long> values)
    {
        var root = Root;
        var key = string.Join(',', values.ToArray());
        if (root._integers.TryGetValue(key, out var name)) return name;
        name = NewName();
        root.Store(name, ElementType.Int64, MemoryMarshal.AsBytes(values).ToArray(), values.Length);
        return root._integers[key] = name;
    }

    /// <summary>A stored tensor under a name.</summary>
    public string Floats(string name, ReadOnlyMemory<float> values, params IReadOnlyList<int> shape)
    {
        Root.Store(name, ElementType.Float, MemoryMarshal.AsBytes(values.Span).ToArray(), shape);
        return name;
    }

    public void Input(MessageWriter value) => _graph.Message(Fields.GraphInput, value);

    public void Output(MessageWriter value) => _graph.Message(Fields.GraphOutput, value);

    /// <summary>The graph so far, under a name.</summary>
    public MessageWriter Finish(string name) => _graph.Text(Fields.GraphName, name);

    /// <summary>What a graph says of an input or output; a dimension is a number or, where it is free, a name.</summary>
    public static MessageWriter Value(string name, ElementType type, params IReadOnlyList<string> dimensions)
    {
        var shape = new MessageWriter();
        foreach (var dimension in dimensions)
        {
            var one = new MessageWriter();
            if (long.TryParse(dimension, NumberStyles.None, CultureInfo.InvariantCulture, out var size)) one.Number(Fields.DimensionValue, size);
            else one.Text(Fields.DimensionName, dimension);
            shape.Message(Fields.ShapeDimension, one);
        }

        var tensor = new MessageWriter().Number(Fields.TensorTypeElement, (int)type);
        if (dimensions.Count > 0) tensor.Message(Fields.TensorTypeShape, shape);
        return new MessageWriter().Text(Fields.ValueName, name).Message(Fields.ValueType, new MessageWriter().Message(Fields.TypeTensor, tensor));
    }

    public static MessageWriter Attribute(string name, long value) =>
        new MessageWriter().Text(Fields.AttributeName, name).Number(Fields.AttributeI, value).Number(Fields.AttributeType, Fields.KindInt);

    public static MessageWriter Attribute(string name, float value) =>
        new MessageWriter().Text(Fields.AttributeName, name).Single(Fields.AttributeF, value).Number(Fields.AttributeType, Fields.KindFloat);

    public static MessageWriter Attribute(string name, string value) =>
        new MessageWriter().Text(Fields.AttributeName, name).Text(Fields.AttributeS, value).Number(Fields.AttributeType, Fields.KindString);

    public static MessageWriter Attribute(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new MessageWriter().Text(Fields.AttributeName, name);
        foreach (var value in values) attribute.Number(Fields.AttributeInts, value);
        return attribute.Number(Fields.AttributeType, Fields.KindInts);
    }

    public static MessageWriter Attribute(string name, MessageWriter graph) =>
        new MessageWriter().Text(Fields.AttributeName, name).Message(Fields.AttributeG, graph).Number(Fields.AttributeType, Fields.KindGraph);

    private void Store(string name, ElementType type, ReadOnlyMemory<byte> bytes, params IReadOnlyList<int> shape)
    {
        var tensor = new MessageWriter();
        foreach (var size in shape) tensor.Number(Fields.TensorDims, size);
        tensor.Number(Fields.TensorType, (int)type).Text(Fields.TensorName, name).Content(Fields.TensorRaw, bytes);
        _graph.Message(Fields.GraphInitializer, tensor);
    }
}
