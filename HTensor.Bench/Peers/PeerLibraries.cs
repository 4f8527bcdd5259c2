using HTensor.Rnn;
using MathNet.Numerics;
using Microsoft.ML.OnnxRuntime;

namespace HTensor.Bench;

/// <summary>The libraries we stand beside, each told to use as many threads as we do.</summary>
internal sealed class PeerLibraries : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly int _threads;
    private readonly PythonPeer? _torch;
    private readonly Lazy<PythonPeer?> _numpy;

    public PeerLibraries(int threads)
    {
        _threads = threads;
        OpenBlas = OpenBlas.TryLoad(threads);
        _torch = PythonPeer.TryStart("pytorch_peer.py", threads);
        if (_torch is not null) _owned.Add(_torch);
        _numpy = new Lazy<PythonPeer?>(() => PythonPeer.TryStart("numpy_hsvd.py", threads));
        Control.UseManaged();
        Control.MaxDegreeOfParallelism = threads;
    }

    public OpenBlas? OpenBlas { get; }

    public void Describe(TextWriter output)
    {
        output.WriteLine(OpenBlas is { } blas ? $"OpenBLAS: core {blas.Core}; {blas.Configuration}" : $"OpenBLAS: absent ({OpenBlas.HowToInstall})");
        output.WriteLine($"ONNX Runtime: {OrtEnv.Instance().GetVersionString()}");
        output.WriteLine($"MathNet.Numerics: {typeof(Control).Assembly.GetName().Version}, managed provider");
        output.WriteLine(_torch is { } torch ? $"PyTorch: {torch.Version}" : "PyTorch: absent (apt-get install python3-torch)");
    }

    /// <summary>None where it is absent. <paramref name="work"/>: a line for pytorch_peer.py.</summary>
    public IEnumerable<Peer> Torch(string work) => _torch is { } torch ? [new Peer("PyTorch", calls => torch.Seconds(work, calls))] : [];

    /// <summary>None where numpy or scipy is absent, which is said. <paramref name="work"/>: a line for numpy_hsvd.py.</summary>
    public IEnumerable<Peer> Numpy(string name, string work)
    {
        if (_numpy.Value is { } numpy) return [new Peer(name, calls => numpy.Seconds(work, calls))];
        Console.Error.WriteLine("numpy: absent (apt-get install python3-numpy python3-scipy)");
        return [];
    }

    /// <summary>A dense LSTM over x [steps, batch, inputs].</summary>
    public Peer OnnxLstm(float[] x, int steps, int batch, int inputs, int hidden, float[] inputWeights, float[] recurrentWeights)
    {
        var layer = new OnnxLstm(x, steps, batch, inputs, hidden, inputWeights, recurrentWeights, _threads);
        _owned.Add(layer);
        return new("ONNX Runtime, dense LSTM", layer.Run);
    }

    /// <summary>The model's own export as one step.</summary>
    public Peer OnnxStep(SequenceClassifier model, byte[] frame)
    {
        var step = new OnnxStep(model, frame, _threads);
        _owned.Add(step);
        return new("ONNX Runtime, the export", step.Run);
    }

    public Peer OnnxMatMul(int m, int n, int k, float[] a, float[] b)
    {
        var product = new OnnxMatMul(m, n, k, a, b, _threads);
        _owned.Add(product);
        return new("ONNX Runtime", product.Run);
    }

    public void Dispose()
    {
        foreach (var item in _owned) item.Dispose();
        if (_numpy.IsValueCreated) _numpy.Value?.Dispose();
    }
}
