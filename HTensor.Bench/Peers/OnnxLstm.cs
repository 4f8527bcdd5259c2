using Microsoft.ML.OnnxRuntime;

namespace HTensor.Bench;

/// <summary>
/// A dense LSTM of ONNX Runtime over x [steps, batch, inputs] from a given state: h and c [1, batch, hidden] after the last step. A frame of a stream
/// is one step of a batch of one; <see cref="Run"/> leaves its state where the next run finds it.
/// </summary>
internal sealed class OnnxLstm : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue[] _values;
    private readonly float[] _hiddenBefore;
    private readonly float[] _cellBefore;
    private readonly float[] _hidden;
    private readonly float[] _cell;

    /// <summary>Gates in ONNX's order i, o, f, g: input weights [4 hidden, inputs], recurrent weights [4 hidden, hidden], no bias.</summary>
    public OnnxLstm(float[] x, int steps, int batch, int inputs, int hidden, float[] inputWeights, float[] recurrentWeights, int threads)
    {
        _session = new(Model(hidden, inputs, inputWeights, recurrentWeights), Options(threads));
        (_hiddenBefore, _cellBefore, _hidden, _cell) = (new float[batch * hidden], new float[batch * hidden], new float[batch * hidden], new float[batch * hidden]);
        _values =
        [
            OrtValue.CreateTensorValueFromMemory(x, [steps, batch, inputs]),
            OrtValue.CreateTensorValueFromMemory(_hiddenBefore, [1, batch, hidden]),
            OrtValue.CreateTensorValueFromMemory(_cellBefore, [1, batch, hidden]),
            OrtValue.CreateTensorValueFromMemory(_hidden, [1, batch, hidden]),
            OrtValue.CreateTensorValueFromMemory(_cell, [1, batch, hidden]),
        ];
        _binding = _session.CreateIoBinding();
        string[] names = ["X", "h0", "c0"];
        for (var i = 0; i < names.Length; i++) _binding.BindInput(names[i], _values[i]);
        _binding.BindOutput("h", _values[3]);
        _binding.BindOutput("c", _values[4]);
    }

    public ReadOnlySpan<float> Hidden => _hidden;

    public void Run()
    {
        _session.RunWithBinding(_runOptions, _binding);
        _hidden.CopyTo(_hiddenBefore.AsSpan());
        _cell.CopyTo(_cellBefore.AsSpan());
    }

    public void Dispose()
    {
        _binding.Dispose();
        _runOptions.Dispose();
        foreach (var value in _values) value.Dispose();
        _session.Dispose();
    }

    private static SessionOptions Options(int threads) => new() { IntraOpNumThreads = threads, InterOpNumThreads = 1 };

    // The weights are constants, which the runtime packs once. Empty names: no bias, no lengths; no output of every step.
    private static byte[] Model(int hidden, int inputs, float[] inputWeights, float[] recurrentWeights) => OnnxModel.Of(
        [OnnxModel.Node("LSTM", ["X", "W", "R", "", "", "h0", "c0"], ["", "h", "c"], ("hidden_size", hidden))],
        [OnnxModel.Constant("W", inputWeights, 1, 4 * hidden, inputs), OnnxModel.Constant("R", recurrentWeights, 1, 4 * hidden, hidden)],
        [
            OnnxModel.Floats("X", "steps", "batch", "inputs"), OnnxModel.Floats("h0", "one", "batch", "hidden"),
            OnnxModel.Floats("c0", "one", "batch", "hidden"),
        ],
        [OnnxModel.Floats("h", "one", "batch", "hidden"), OnnxModel.Floats("c", "one", "batch", "hidden")]);
}
