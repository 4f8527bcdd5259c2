using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class LaneBiasTests
{
    private const int Width = LaneBlock.Width;

    [Fact]
    public void The_bias_of_a_row_is_added_to_its_sixteen_samples()
    {
        for (var rows = 0; rows <= 20; rows++)
        {
            float[] x = Normal(rows * Width, 1), bias = Normal(rows, 2), y = new float[rows * Width + 2];
            y[0] = y[^1] = float.NaN;
            LaneBias.Add<float>(x, bias, y.AsSpan(1, rows * Width));
            for (var i = 0; i < x.Length; i++) Assert.Equal(x[i] + bias[i / Width], y[1 + i]);
            Assert.True(float.IsNaN(y[0]) && float.IsNaN(y[^1]));
            LaneBias.Add<float>(x, bias, x);
            Assert.Equal(y[1..^1], x);
        }
    }

    [Fact]
    public void The_gradient_adds_up_block_after_block()
    {
        double[] first = Doubles(6 * Width, 1), second = Doubles(6 * Width, 2), sums = new double[6 * Width], bias = new double[6];
        LaneBias.Accumulate<double>(first, sums);
        LaneBias.Accumulate<double>(second, sums);
        LaneProduct.SumLanes<double>(sums, bias);
        for (var r = 0; r < 6; r++)
        {
            var expected = first.Skip(r * Width).Take(Width).Sum() + second.Skip(r * Width).Take(Width).Sum();
            Assert.InRange(bias[r] - expected, -1e-13, 1e-13);
            for (var i = r * Width; i < (r + 1) * Width; i++) Assert.Equal(first[i] + second[i], sums[i]);
        }
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_named()
    {
        var x = new float[3 * Width];
        Assert.Contains("source: expected [2][16] elements, found 48", Message(() => LaneBias.Add<float>(x, new float[2], x)), StringComparison.Ordinal);
        Assert.Contains("length of destination: expected 48", Message(() => LaneBias.Add<float>(x, new float[3], x.AsSpan(1))), StringComparison.Ordinal);
        Assert.Contains("elements into the source", Message(() => LaneBias.Add<float>(x.AsSpan(0, 16), new float[1], x.AsSpan(1, 16))), StringComparison.Ordinal);
        Assert.Contains("gradient: expected [rows][16]", Message(() => LaneBias.Accumulate<float>(x.AsSpan(1), x.AsSpan(1))), StringComparison.Ordinal);
        Assert.Contains("length of sums: expected 48", Message(() => LaneBias.Accumulate<float>(x, x.AsSpan(16))), StringComparison.Ordinal);
    }

    private static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;

    private static float[] Normal(int length, ulong seed)
    {
        var values = new float[length];
        new Philox(seed).FillNormal(values, 1f);
        return values;
    }

    private static double[] Doubles(int length, ulong seed)
    {
        var values = new double[length];
        new Philox(seed).FillNormal(values, 1.0);
        return values;
    }
}
