using System.Numerics.Tensors;
using HTensor.Kernels;

namespace HTensor.Bench;

/// <summary>Element-wise functions over a million floats, normal of deviation 3, on one thread.</summary>
internal static class FunctionCases
{
    private const int Length = 1_000_000;

    public static IEnumerable<NamedCase> All(PeerLibraries peers) =>
    [
        new("exp 1000000", () => Create("exp 1000000", Functions.Exp, TensorPrimitives.Exp, peers)),
        new("log 1000000", () => Create("log 1000000", Functions.Log, TensorPrimitives.Log, peers)),
        new("tanh 1000000", () => Create("tanh 1000000", Functions.Tanh, TensorPrimitives.Tanh, peers)),
        new("sigmoid 1000000", () => Create("sigmoid 1000000", Functions.Sigmoid, TensorPrimitives.Sigmoid, peers)),
    ];

    private delegate void SpanFunction(ReadOnlySpan<float> source, Span<float> destination);

    private static BenchCase Create(string title, SpanFunction ours, SpanFunction theirs, PeerLibraries peers)
    {
        float[] source = new float[Length], destination = new float[Length], other = new float[Length];
        new Philox(1).FillNormal(source, 3f);
        if (title.StartsWith("log", StringComparison.Ordinal))
        {
            for (var i = 0; i < Length; i++) source[i] = Math.Abs(source[i]) + 1e-3f;
        }

        return new(title, typeof(float), 0, 12.0 * Length, () => ours(source, destination), [new("TensorPrimitives", () => theirs(source, other)), .. peers.Torch(title)]);
    }
}
