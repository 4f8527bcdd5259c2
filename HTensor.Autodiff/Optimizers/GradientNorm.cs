using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// |g| = sqrt(sum g_i^2): squares summed in T within blocks of a fixed length, the blocks in double in their order, so that the bits depend neither on
/// the number of threads nor on the instruction set. Not finite if a number is not, or if a block's sum overflows T (in float beyond 1.8e19).
/// </summary>
public sealed class GradientNorm<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Body _body = new();

    /// <summary>Allocates nothing from the second call of a length on. Not for two threads at once.</summary>
    public double Of(ReadOnlyMemory<T> gradient, ThreadTeam team)
    {
        ArgumentNullException.ThrowIfNull(team);
        var blocks = (int)(((long)gradient.Length + Body.BlockLength - 1) / Body.BlockLength);
        if (_body.Sums.Length < blocks) _body.Sums = new double[blocks];
        _body.Gradient = gradient;
        team.Run(_body, blocks);
        _body.Gradient = default;
        var sum = 0.0;
        for (var i = 0; i < blocks; i++) sum += _body.Sums[i];
        return double.Sqrt(sum);
    }

    private sealed class Body : IParallelBody
    {
        public const int BlockLength = 1 << 16;

        public double[] Sums { get; set; } = [];

        public ReadOnlyMemory<T> Gradient { get; set; }

        public void Run(int index, int worker)
        {
            var start = index * BlockLength;
            var block = Gradient.Span.Slice(start, int.Min(BlockLength, Gradient.Length - start));
            Sums[index] = double.CreateTruncating(SumOfSquares.Of(block));
        }
    }
}
