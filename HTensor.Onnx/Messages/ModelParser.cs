using Google.Protobuf;
using HTensor.Core;

namespace HTensor.Onnx;

/// <summary>
/// Reads what an import needs of a file of ONNX. Every field but those is passed over. Objects are counted, so that a small file cannot ask for much memory.
/// </summary>
internal sealed class ModelParser
{
    private const int MostObjects = 200_000;
    private const int DeepestGraph = 16;
    private const int LongestText = 1 << 16;
    private const WireFormat.WireType Range = WireFormat.WireType.LengthDelimited, Varint = WireFormat.WireType.Varint, Fixed = WireFormat.WireType.Fixed32;

    private readonly DataPlace _place;
    private int _objects;

    private ModelParser(DataPlace place) => _place = place;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no ONNX, whole.</exception>
    public static OnnxFile Read(string path)
    {
        var place = new DataPlace(path);
        using var stream = InputFile.Open(path);
        if (stream.Length > Array.MaxLength) throw place.Unexpected("size", $"at most {Array.MaxLength} bytes", $"{stream.Length}");
        var bytes = InputFile.ReadExactly(stream, (int)stream.Length, (int)stream.Length, place);
        try
        {
            return new ModelParser(place).Model(new MessageReader(bytes, 0, bytes.Length));
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or ArgumentException or OverflowException)
        {
            throw place.Wrong("expected ONNX (protobuf), whole, found a file that is cut short or is something else", exception);
        }
    }

    private OnnxFile Model(MessageReader reader)
    {
        var (graph, metadata, opset, functions) = ((OnnxGraph?)null, new Dictionary<string, string>(), 0L, false);
        while (reader.Next())
        {
            if (reader.Is(Fields.ModelGraph, Range)) graph = Graph(reader.Message(), 0);
            else if (reader.Is(Fields.ModelOpset, Range)) opset = Math.Max(opset, Opset(reader.Message()));
            else if (reader.Is(Fields.ModelMetadata, Range)) Entry(reader.Message(), metadata);
            else if (reader.Is(Fields.ModelFunctions, Range)) (functions, _) = (true, reader.Range());
            else reader.Skip();
        }

        return new OnnxFile(graph ?? throw _place.Wrong("expected ONNX with a graph, found none"), metadata, opset, functions);
    }

    private static long Opset(MessageReader reader)
    {
        var (domain, version) = ("", 0L);
        while (reader.Next())
        {
            if (reader.Is(Fields.OpsetDomain, Range)) domain = reader.Text();
            else if (reader.Is(Fields.OpsetVersion, Varint)) version = reader.Number();
            else reader.Skip();
        }

        return domain is "" or "ai.onnx" ? version : 0;
    }

    private void Entry(MessageReader reader, Dictionary<string, string> entries)
    {
        Count();
        var (key, value) = ("", "");
        while (reader.Next())
        {
            if (reader.Is(Fields.EntryKey, Range)) key = Short(reader);
            else if (reader.Is(Fields.EntryValue, Range)) value = reader.Text();
            else reader.Skip();
        }

        entries[key] = value;
    }

    private OnnxGraph Graph(MessageReader reader, int depth)
    {
        if (depth > DeepestGraph) throw _place.Wrong($"graphs within graphs: expected at most {DeepestGraph}, found more");
        var graph = new OnnxGraph();
        while (reader.Next())
        {
            if (reader.Is(Fields.GraphNode, Range)) graph.Nodes.Add(Node(reader.Message(), depth));
            else if (reader.Is(Fields.GraphInitializer, Range)) Add(graph, Tensor(reader.Message()));
            else if (reader.Is(Fields.GraphInput, Range)) graph.Inputs.Add(Value(reader.Message()));
            else if (reader.Is(Fields.GraphOutput, Range)) graph.Outputs.Add(Value(reader.Message()).Name);
            else if (reader.Is(Fields.GraphSparse, Range)) throw _place.Wrong("sparse initializers are not supported");
            else reader.Skip();
        }

        return graph;
    }

    private void Add(OnnxGraph graph, OnnxTensor tensor)
    {
        if (!graph.Initializers.TryAdd(tensor.Name, tensor)) throw (_place with { Key = tensor.Name }).Wrong("initializer: expected once, found twice");
    }

    private OnnxNode Node(MessageReader reader, int depth)
    {
        Count();
        var node = new OnnxNode();
        while (reader.Next())
        {
            if (reader.Is(Fields.NodeInput, Range)) node.Inputs.Add(Counted(reader));
            else if (reader.Is(Fields.NodeOutput, Range)) node.Outputs.Add(Counted(reader));
            else if (reader.Is(Fields.NodeName, Range)) node.Name = Short(reader);
            else if (reader.Is(Fields.NodeOperator, Range)) node.Operator = Short(reader);
            else if (reader.Is(Fields.NodeDomain, Range)) node.Domain = Short(reader);
            else if (reader.Is(Fields.NodeAttribute, Range)) Attribute(reader.Message(), node, depth);
            else reader.Skip();
        }

        return node;
    }

    private void Attribute(MessageReader reader, OnnxNode node, int depth)
    {
        Count();
        var (attribute, name) = (new OnnxAttribute(), "");
        while (reader.Next())
        {
            if (reader.Is(Fields.AttributeName, Range)) name = Short(reader);
            else if (reader.Is(Fields.AttributeI, Varint)) attribute.Integer = reader.Number();
            else if (reader.Is(Fields.AttributeF, Fixed)) attribute.Single = reader.Single();
            else if (reader.Is(Fields.AttributeS, Range)) attribute.Text = Short(reader);
            else if (reader.Is(Fields.AttributeT, Range)) attribute.Tensor = Tensor(reader.Message());
            else if (reader.Is(Fields.AttributeG, Range)) attribute.Graph = Graph(reader.Message(), depth + 1);
            else if (reader.Field == Fields.AttributeInts && (reader.IsRange || reader.Is(Fields.AttributeInts, Varint))) Take(reader.Numbers(), attribute.Integers);
            else if (reader.Is(Fields.AttributeFloats, Fixed)) attribute.Singles.Add(Counted(reader.Single()));
            else if (reader.Is(Fields.AttributeStrings, Range)) attribute.Texts.Add(Counted(reader));
            else reader.Skip();
        }

        node.Attributes[name] = attribute;
    }

    private OnnxTensor Tensor(MessageReader reader)
    {
        Count();
        var tensor = new OnnxTensor();
        while (reader.Next())
        {
            if (reader.Field == Fields.TensorDims && (reader.IsRange || reader.Is(Fields.TensorDims, Varint))) Take(reader.Numbers(), tensor.Dimensions);
            else if (reader.Is(Fields.TensorType, Varint)) tensor.Type = (ElementType)(int)reader.Number();
            else if (reader.Is(Fields.TensorName, Range)) tensor.Name = Short(reader);
            else if (reader.Is(Fields.TensorRaw, Range) || reader.Is(Fields.TensorFloats, Range) || reader.Is(Fields.TensorDoubles, Range)) SetBytes(tensor, reader.Bytes());
            else if (reader.Field is Fields.TensorInt64s or Fields.TensorInt32s && (reader.IsRange || reader.Is(reader.Field, Varint))) Take(reader.Numbers(), tensor.Integers);
            else if (reader.Is(Fields.TensorExternal, Range)) Entry(reader.Message(), tensor.External);
            else if (reader.Is(Fields.TensorLocation, Varint)) tensor.IsExternal = reader.Number() != 0;
            else reader.Skip();
        }

        return tensor;
    }

    private void SetBytes(OnnxTensor tensor, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        if (!tensor.Bytes.IsEmpty) throw (_place with { Key = tensor.Name }).Wrong("elements: expected in one piece, found two");
        tensor.Bytes = bytes;
    }

    private (string Name, int Rank) Value(MessageReader reader)
    {
        Count();
        var (name, rank) = ("", -1);
        while (reader.Next())
        {
            if (reader.Is(Fields.ValueName, Range)) name = Short(reader);
            else if (reader.Is(Fields.ValueType, Range)) rank = Rank(reader.Message(), [Fields.TypeTensor, Fields.TensorTypeShape]);
            else reader.Skip();
        }

        return (name, rank);
    }

    /// <summary>Dimensions of the shape that lies along a path of fields; -1: there is none.</summary>
    private static int Rank(MessageReader reader, ReadOnlySpan<int> path)
    {
        var rank = path.IsEmpty ? 0 : -1;
        while (reader.Next())
        {
            if (path.IsEmpty && reader.Is(Fields.ShapeDimension, Range)) (rank, _) = (rank + 1, reader.Range());
            else if (!path.IsEmpty && reader.Is(path[0], Range)) rank = Rank(reader.Message(), path[1..]);
            else reader.Skip();
        }

        return rank;
    }

    private void Take(IEnumerable<long> numbers, List<long> list)
    {
        foreach (var number in numbers) list.Add(Counted(number));
    }

    private string Counted(MessageReader reader) => Counted(Short(reader));

    private T Counted<T>(T value)
    {
        Count();
        return value;
    }

    private void Count()
    {
        if (++_objects > MostObjects) throw _place.Wrong($"expected at most {MostObjects} nodes, names and small numbers, found more");
    }

    private string Short(MessageReader reader)
    {
        var text = reader.Text();
        return text.Length <= LongestText ? text : throw _place.Wrong($"expected names of at most {LongestText} characters, found one of {text.Length}");
    }
}
