using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>A dense W [rows, columns] for one sequence, where it lies.</summary>
internal sealed class RowWeights(ReadOnlyMemory<float> weights, int rows, int columns) : IRecurrentWeights
{
    public void Add(ReadOnlySpan<float> source, Span<float> gates, int first, int count) =>
        Multiply(source, gates.Slice(first * rows, count * rows), first * rows, Accumulation.Add);

    /// <summary>y (+)= W^T x, for the columns from <paramref name="firstColumn"/> that y has room for.</summary>
    public void Multiply(ReadOnlySpan<float> x, Span<float> y, int firstColumn, Accumulation accumulation) =>
        Gemm.Multiply(1, y.Length, rows, new MatrixOperand<float>(x, rows, 1), new MatrixOperand<float>(weights.Span[firstColumn..], columns, 1), y, y.Length, 1, accumulation, ThreadTeam.Inline);
}
