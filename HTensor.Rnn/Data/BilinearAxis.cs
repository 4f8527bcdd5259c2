namespace HTensor.Rnn;

/// <summary>
/// Where the samples of a resized axis come from. Output i of n lies at s = (i + 1/2) m / n - 1/2 on the input of m (half-pixel centres,
/// clamped to the edges) and is (1 - w) input[low] + w input[high], w = s - floor(s).
/// </summary>
internal sealed class BilinearAxis
{
    /// <summary>Weights of bytes are multiples of 1 / 2048: two of them, a byte and the rounding fit 32 bits.</summary>
    public const int WeightBits = 11;

    public const uint One = 1u << WeightBits;

    public BilinearAxis(int from, int to)
    {
        Low = new int[to];
        High = new int[to];
        ByteWeight = new uint[to];
        Weight = new double[to];
        for (var i = 0; i < to; i++)
        {
            // All in units of 1 / 2n, where everything is an integer.
            var unit = 2L * to;
            var position = Math.Clamp((2L * i + 1) * from - to, 0, unit * (from - 1));
            var (low, remainder) = Math.DivRem(position, unit);
            Low[i] = (int)low;
            High[i] = (int)Math.Min(low + 1, from - 1);
            ByteWeight[i] = (uint)((remainder * One + to) / unit);
            Weight[i] = remainder / (double)unit;
        }
    }

    public int[] Low { get; }

    public int[] High { get; }

    /// <summary>w in units of 1 / <see cref="One"/>, to the nearest.</summary>
    public uint[] ByteWeight { get; }

    /// <summary>w, to the nearest double.</summary>
    public double[] Weight { get; }

    public int Length => Low.Length;
}
