using System.Runtime.InteropServices;
using HTensor.Onnx;
using HTensor.Tests.Rnn;

namespace HTensor.Tests.Onnx;

/// <summary>Graphs as exporters of PyTorch and Keras write them, with random weights.</summary>
internal sealed class ForeignGraph
{
    public const int Inputs = 3, Hidden = 4, Classes = 3;

    private ulong _seed = 40;

    public GraphBuilder Graph { get; } = new();

    public static int Gates(string operation) => operation switch { "LSTM" => 4, "GRU" => 3, _ => 1 };

    public ReadOnlyMemory<byte> Bytes(ElementType input, string[] dimensions, string output, int opset = 17)
    {
        Graph.Input(GraphBuilder.Value("x", input, dimensions));
        Graph.Add("Identity", [output], ["y"]);
        Graph.Output(GraphBuilder.Value("y", ElementType.Float));
        return new MessageWriter().Number(Fields.ModelIrVersion, 8).Message(Fields.ModelGraph, Graph.Finish("g"))
            .Message(Fields.ModelOpset, new MessageWriter().Number(Fields.OpsetVersion, opset)).Bytes;
    }

    public string Random(params int[] shape) => Graph.Floats(Graph.NewName(), ForeignArrays.Normal(shape.Aggregate(1, (a, b) => a * b), _seed++, 0.5f), shape);

    /// <summary>Y and Y_h of a layer over x [steps, batch, inputs]; states of zeros are made from x's own sizes, as PyTorch's exporter does.</summary>
    public string[] Layer(string operation, string x, int inputs, int directions, params IReadOnlyList<MessageWriter> attributes)
    {
        var rows = Gates(operation) * Hidden;
        var batch = Graph.Node("Gather", [Graph.Node("Shape", [x]), Graph.Integers(1)], GraphBuilder.Attribute("axis", 0L));
        var zeros = Graph.Node("ConstantOfShape", [Graph.Node("Concat", [Graph.Integers(directions), batch, Graph.Integers(Hidden)], GraphBuilder.Attribute("axis", 0L))]);
        var outputs = operation == "LSTM" ? 3 : 2;
        return Graph.Nodes(operation, [x, Random(directions, rows, inputs), Random(directions, rows, Hidden), Random(directions, 2 * rows), "", zeros, .. operation == "LSTM" ? (string[])[zeros] : []], outputs,
            [GraphBuilder.Attribute("hidden_size", (long)Hidden), .. directions == 2 ? [GraphBuilder.Attribute("direction", "bidirectional")] : Array.Empty<MessageWriter>(), .. attributes]);
    }

    public string Transposed(string x, params long[] order) => Graph.Node("Transpose", [x], GraphBuilder.Attribute("perm", order));

    /// <summary>One index of an axis, which goes.</summary>
    public string Taken(string x, long axis, long index) => Graph.Node("Gather", [x, Scalar(index)], GraphBuilder.Attribute("axis", axis));

    private string Scalar(long value)
    {
        var tensor = new MessageWriter().Number(Fields.TensorType, (int)ElementType.Int64).Content(Fields.TensorRaw, MemoryMarshal.AsBytes<long>(new[] { value }).ToArray());
        return Graph.Node("Constant", [], new MessageWriter().Text(Fields.AttributeName, "value").Message(Fields.AttributeT, tensor).Number(Fields.AttributeType, Fields.KindTensor));
    }

    public string Gemm(string x, int inputs) => Graph.Node("Gemm", [x, Random(Classes, inputs), Random(Classes)], GraphBuilder.Attribute("transB", 1L));

    public string Softmax(string x) => Graph.Node("Softmax", [x], GraphBuilder.Attribute("axis", -1L));
}
