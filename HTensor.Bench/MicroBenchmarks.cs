using BenchmarkDotNet.Attributes;
using HTensor.Kernels;

namespace HTensor.Bench;

/// <summary>Square float products under BenchmarkDotNet: <c>-- micro --filter '*Gemm*'</c>.</summary>
[MemoryDiagnoser]
[GigaflopsColumn]
public class GemmBenchmarks
{
    private float[] _a = [];
    private float[] _b = [];
    private float[] _c = [];

    [Params(16, 64, 256, 512)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Philox(1);
        (_a, _b, _c) = (new float[Size * Size], new float[Size * Size], new float[Size * Size]);
        random.FillUniform<float>(_a);
        random.FillUniform<float>(_b);
    }

    [Benchmark]
    public void Multiply() => Gemm.Multiply(Size, Size, Size, new MatrixOperand<float>(_a, Size, 1), new MatrixOperand<float>(_b, Size, 1), _c, Size, 1, Accumulation.Overwrite, ThreadTeam.Inline);
}

/// <summary>Element-wise functions under BenchmarkDotNet.</summary>
[MemoryDiagnoser]
public class FunctionBenchmarks
{
    private readonly float[] _source = new float[16_384];
    private readonly float[] _destination = new float[16_384];

    [GlobalSetup]
    public void Setup() => new Philox(1).FillNormal(_source, 3f);

    [Benchmark]
    public void Exp() => Functions.Exp<float>(_source, _destination);

    [Benchmark]
    public void Tanh() => Functions.Tanh<float>(_source, _destination);

    [Benchmark]
    public void Sigmoid() => Functions.Sigmoid<float>(_source, _destination);
}
