using MathNet.Numerics;
using Microsoft.ML.OnnxRuntime;

namespace HTensor.Bench;

/// <summary>The libraries we stand beside, each told to use as many threads as we do.</summary>
internal sealed class PeerLibraries : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly int _threads;
    private readonly PyTorch? _torch;

    public PeerLibraries(int threads)
    {
        _threads = threads;
        OpenBlas = OpenBlas.TryLoad(threads);
        _torch = PyTorch.TryStart(threads);
        if (_torch is not null) _owned.Add(_torch);
        Control.UseManaged();
        Control.MaxDegreeOfParallelism = threads;
    }

    public OpenBlas? OpenBlas { get; }

    public void Describe(TextWriter output)
    {
        output.WriteLine(OpenBlas is { } blas ? $"OpenBLAS: core {blas.Core}; {blas.Configuration}" : $"OpenBLAS: absent ({OpenBlas.HowToInstall})");
        output.WriteLine($"ONNX Runtime: {OrtEnv.Instance().GetVersionString()}");
        output.WriteLine($"MathNet.Numerics: {typeof(Control).Assembly.GetName().Version}, managed provider");
        output.WriteLine(_torch is { } torch ? $"PyTorch: {torch.Version}" : $"PyTorch: absent ({PyTorch.HowToInstall})");
    }

    /// <summary>None where it is absent. <paramref name="work"/>: a line for pytorch_peer.py.</summary>
    public IEnumerable<Peer> Torch(string work) => _torch is { } torch ? [new Peer("PyTorch", calls => torch.Seconds(work, calls))] : [];

    /// <summary>A dense LSTM over x [steps, batch, inputs].</summary>
    public Peer OnnxLstm(float[] x, int steps, int batch, int inputs, int hidden, float[] inputWeights, float[] recurrentWeights)
    {
        var layer = new OnnxLstm(x, steps, batch, inputs, hidden, inputWeights, recurrentWeights, _threads);
        _owned.Add(layer);
        return new("ONNX Runtime, dense LSTM", layer.Run);
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
    }
}
