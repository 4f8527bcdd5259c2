using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace HTensor.Bench;

/// <summary>A model of one MatMul of two inputs, run into memory that is bound once.</summary>
internal sealed class OnnxMatMul : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue[] _values;

    public OnnxMatMul(int m, int n, int k, float[] a, float[] b, int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        _session = new(Model(), options);
        _values =
        [
            OrtValue.CreateTensorValueFromMemory(a, [m, k]),
            OrtValue.CreateTensorValueFromMemory(b, [k, n]),
            OrtValue.CreateTensorValueFromMemory(new float[m * n], [m, n]),
        ];
        _binding = _session.CreateIoBinding();
        _binding.BindInput("A", _values[0]);
        _binding.BindInput("B", _values[1]);
        _binding.BindOutput("C", _values[2]);
    }

    public void Run() => _session.RunWithBinding(_runOptions, _binding);

    public void Dispose()
    {
        _binding.Dispose();
        _runOptions.Dispose();
        foreach (var value in _values) value.Dispose();
        _session.Dispose();
    }

    // ModelProto: ir_version 1, graph 7, opset_import 8. GraphProto: node 1, name 2, input 11, output 12. NodeProto: input 1, output 2, op_type 4.
    private static byte[] Model()
    {
        byte[] node = [.. Text(1, "A"), .. Text(1, "B"), .. Text(2, "C"), .. Text(4, "MatMul")];
        byte[] graph = [.. Field(1, node), .. Text(2, "g"), .. Field(11, FloatMatrix("A")), .. Field(11, FloatMatrix("B")), .. Field(12, FloatMatrix("C"))];
        return [8, 8, .. Field(7, graph), .. Field(8, [16, 13])];
    }

    // ValueInfoProto: name 1, type 2; TypeProto.tensor_type 1; Tensor: elem_type 1 (1 is float), shape 2; dimensions 1, each by name (2).
    private static byte[] FloatMatrix(string name)
    {
        byte[] shape = [.. Field(1, Text(2, name + "0")), .. Field(1, Text(2, name + "1"))];
        byte[] tensor = [8, 1, .. Field(2, shape)];
        return [.. Text(1, name), .. Field(2, Field(1, tensor))];
    }

    private static byte[] Text(int number, string value) => Field(number, Encoding.UTF8.GetBytes(value));

    // All of this model's fields are shorter than 128 bytes but the graph, whose length takes two bytes.
    private static byte[] Field(int number, byte[] content) => content.Length < 128
        ? [(byte)(number << 3 | 2), (byte)content.Length, .. content]
        : [(byte)(number << 3 | 2), (byte)(content.Length & 127 | 128), (byte)(content.Length >> 7), .. content];
}
