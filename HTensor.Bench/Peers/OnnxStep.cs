using HTensor.Onnx;
using HTensor.Rnn;
using Microsoft.ML.OnnxRuntime;

namespace HTensor.Bench;

/// <summary>
/// A model exported as one step, in ONNX Runtime: a frame of bytes and the states before, [1, size], to the outputs and the states after. <see cref="Run"/> leaves
/// the states where the next run finds them.
/// </summary>
internal sealed class OnnxStep : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly OrtIoBinding _binding;
    private readonly List<OrtValue> _values = [];
    private readonly List<(float[] Before, float[] After)> _states = [];

    public OnnxStep(SequenceClassifier model, byte[] frame, int threads)
    {
        var path = Path.GetTempFileName();
        try
        {
            OnnxExport.Write(model, path, new OnnxExportOptions { Form = OnnxForm.Step, Input = FrameElement.UInt8 });
            using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
            _session = new InferenceSession(path, options);
        }
        finally
        {
            File.Delete(path);
        }

        _binding = _session.CreateIoBinding();
        _binding.BindInput("x", Kept(OrtValue.CreateTensorValueFromMemory(frame, [1, frame.Length])));
        _binding.BindOutput("y", Kept(OrtValue.CreateTensorValueFromMemory(new float[model.Outputs], [1, model.Outputs])));
        foreach (var name in _session.InputNames.Where(name => name != "x")) BindState(name, _session.InputMetadata[name].Dimensions[1]);
    }

    public void Run()
    {
        _session.RunWithBinding(_runOptions, _binding);
        foreach (var (before, after) in _states) after.CopyTo(before, 0);
    }

    public void Dispose()
    {
        _binding.Dispose();
        _runOptions.Dispose();
        foreach (var value in _values) value.Dispose();
        _session.Dispose();
    }

    private void BindState(string name, int size)
    {
        var (before, after) = (new float[size], new float[size]);
        _states.Add((before, after));
        _binding.BindInput(name, Kept(OrtValue.CreateTensorValueFromMemory(before, [1, size])));
        _binding.BindOutput(name + "_next", Kept(OrtValue.CreateTensorValueFromMemory(after, [1, size])));
    }

    private OrtValue Kept(OrtValue value)
    {
        _values.Add(value);
        return value;
    }
}
