using MathNet.Numerics;
using Microsoft.ML.OnnxRuntime;

namespace HTensor.Bench;

/// <summary>The libraries we stand beside, each told to use as many threads as we do.</summary>
internal sealed class PeerLibraries : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly int _threads;

    public PeerLibraries(int threads)
    {
        _threads = threads;
        OpenBlas = OpenBlas.TryLoad(threads);
        Control.UseManaged();
        Control.MaxDegreeOfParallelism = threads;
    }

    public OpenBlas? OpenBlas { get; }

    public void Describe(TextWriter output)
    {
        output.WriteLine(OpenBlas is { } blas ? $"OpenBLAS: core {blas.Core}; {blas.Configuration}" : $"OpenBLAS: absent ({OpenBlas.HowToInstall})");
        output.WriteLine($"ONNX Runtime: {OrtEnv.Instance().GetVersionString()}");
        output.WriteLine($"MathNet.Numerics: {typeof(Control).Assembly.GetName().Version}, managed provider");
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
