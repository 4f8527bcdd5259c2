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

    private static byte[] Model() => OnnxModel.Of(
        [OnnxModel.Node("MatMul", ["A", "B"], ["C"])],
        [],
        [OnnxModel.Floats("A", "a0", "a1"), OnnxModel.Floats("B", "b0", "b1")],
        [OnnxModel.Floats("C", "c0", "c1")]);
}
