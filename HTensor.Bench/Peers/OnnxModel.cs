using System.Runtime.InteropServices;
using System.Text;

namespace HTensor.Bench;

/// <summary>An ONNX model as bytes: protobuf's length-delimited fields, by the numbers of onnx.proto.</summary>
internal static class OnnxModel
{
    private const byte IrVersion = 8;
    private const byte OpsetVersion = 13;

    // ModelProto: ir_version 1, graph 7, opset_import 8. GraphProto: node 1, name 2, initializer 5, input 11, output 12.
    public static byte[] Of(byte[][] nodes, byte[][] initializers, byte[][] inputs, byte[][] outputs)
    {
        var graph = Join([
            .. nodes.Select(n => Field(1, n)), Text(2, "g"), .. initializers.Select(t => Field(5, t)), .. inputs.Select(v => Field(11, v)),
            .. outputs.Select(v => Field(12, v)),
        ]);
        return Join([Number(1, IrVersion), Field(7, graph), Field(8, Number(2, OpsetVersion))]);
    }

    /// <summary>NodeProto: input 1, output 2, op_type 4, attribute 5; the attributes here are integers: name 1, i 3, type 20 (2 is INT).</summary>
    public static byte[] Node(string operation, string[] inputs, string[] outputs, params (string Name, long Value)[] attributes) =>
    [
        .. inputs.SelectMany(name => Text(1, name)), .. outputs.SelectMany(name => Text(2, name)), .. Text(4, operation),
        .. attributes.SelectMany(a => Field(5, [.. Text(1, a.Name), .. Number(3, a.Value), .. Number(20, 2)])),
    ];

    /// <summary>ValueInfoProto: name 1, type 2; TypeProto.tensor_type 1; Tensor: elem_type 1 (1 is float), shape 2; dimensions 1, each by name (2).</summary>
    public static byte[] Floats(string name, params string[] dimensions) =>
    [
        .. Text(1, name),
        .. Field(2, Field(1, [.. Number(1, 1), .. Field(2, [.. dimensions.SelectMany(d => Field(1, Text(2, d)))])])),
    ];

    /// <summary>TensorProto: dims 1, data_type 2 (1 is float), name 8, raw_data 9.</summary>
    public static byte[] Constant(string name, float[] values, params long[] dimensions) =>
        Join([.. dimensions.Select(d => Number(1, d)), Number(2, 1), Text(8, name), Field(9, MemoryMarshal.AsBytes<float>(values).ToArray())]);

    private static byte[] Text(int number, string value) => Field(number, Encoding.UTF8.GetBytes(value));

    private static byte[] Number(int number, long value) => [.. Varint(number << 3), .. Varint(value)];

    private static byte[] Field(int number, byte[] content) => Join([Varint(number << 3 | 2), Varint(content.Length), content]);

    // Weights are hundreds of megabytes.
    private static byte[] Join(byte[][] parts)
    {
        var all = new byte[parts.Sum(part => part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(all, at);
            at += part.Length;
        }

        return all;
    }

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        var rest = (ulong)value;
        for (; rest >= 128; rest >>= 7) bytes.Add((byte)(rest & 127 | 128));
        bytes.Add((byte)rest);
        return [.. bytes];
    }
}
