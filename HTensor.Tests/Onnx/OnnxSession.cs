using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace HTensor.Tests.Onnx;

/// <summary>ONNX Runtime on one thread over a file.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly SessionOptions _options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
    private readonly InferenceSession _session;

    public OnnxSession(string path) => _session = new InferenceSession(path, _options);

    public IReadOnlyList<string> Inputs => [.. _session.InputMetadata.Keys];

    public IReadOnlyDictionary<string, NodeMetadata> InputMetadata => _session.InputMetadata;

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }

    /// <summary>All outputs of some inputs.</summary>
    public Dictionary<string, float[]> Run(params IReadOnlyCollection<NamedOnnxValue> inputs)
    {
        using var outputs = _session.Run(inputs);
        return outputs.ToDictionary(output => output.Name, output => output.AsEnumerable<float>().ToArray());
    }

    public static NamedOnnxValue Value<T>(string name, T[] values, params int[] shape) => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(values, shape));
}
