using System.Numerics;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

/// <summary>The kernels of a step against the formulas in double, at every length and every width of register.</summary>
public sealed class OptimizerStepTests
{
    private const int Around = 3;
    private const double Scale = 0.375, Rate = 0.01, Decay = 0.1, Epsilon = 1e-3;

    [Fact]
    public void AdamW_is_the_published_formula_at_every_length()
    {
        for (var length = 0; length <= 130; length++)
        {
            AdamW<float>(length, 3e-6);
            AdamW<double>(length, 5e-15);
        }
    }

    [Fact]
    public void Momentum_is_the_formula_at_every_length()
    {
        for (var length = 0; length <= 130; length++)
        {
            Momentum<float>(length, 2e-6);
            Momentum<double>(length, 3e-15);
        }
    }

    [Fact]
    public void Bits_of_a_step_do_not_depend_on_the_width()
    {
        Widths<float>();
        Widths<double>();
    }

    [Fact]
    public void The_sum_of_squares_is_the_sum_at_every_length()
    {
        for (var length = 0; length <= 130; length++)
        {
            Assert.InRange(Sum<float>(length), 1 - 1e-6, 1 + 1e-6);
            Assert.InRange(Sum<double>(length), 1 - 2e-15, 1 + 2e-15);
        }
    }

    [Fact]
    public void Bits_of_the_sum_of_squares_do_not_depend_on_the_width()
    {
        for (var length = 0; length <= 200; length++)
        {
            SumWidths<float>(length);
            SumWidths<double>(length);
        }
    }

    [Fact]
    public void The_sum_of_squares_keeps_its_layout()
    {
        // In float 2^24 + 1 is lost and 2^24 + 2 is not: what stands in one accumulator shows in the bits.
        var values = new float[48];
        (values[3], values[19], values[35]) = (4096, 1, 1);
        Assert.Equal(16777216f, SumOfSquares.Of<float>(values));
        (values[35], values[4]) = (0, 1);
        (values[19], values[11]) = (0, 1);
        Assert.Equal(16777216f, SumOfSquares.Of<float>(values));
        (values[11], values[12]) = (0, 1);
        Assert.Equal(16777218f, SumOfSquares.Of<float>(values));
    }

    [Fact]
    public void Not_a_number_stays_where_it_is_and_is_seen_in_the_sum()
    {
        var s = Streams<float>(4, 40);
        s[1][21] = float.NaN;
        AdamWStep.Apply<float>(s[0], s[1], s[2], s[3], Factors<float>(Decay));
        for (var i = 0; i < 40; i++) Assert.Equal(i == 21, float.IsNaN(s[0][i]));
        Assert.True(float.IsNaN(SumOfSquares.Of<float>(s[1])));
    }

    [Fact]
    public void A_weight_without_gradient_and_history_stays()
    {
        float[] weights = [1.5f, -2, 0], zeros = new float[3], m = new float[3], v = new float[3];
        AdamWStep.Apply<float>(weights, zeros, m, v, Factors<float>(0));
        Assert.Equal([1.5f, -2, 0], weights);
    }

    [Fact]
    public void Lengths_that_differ_are_named()
    {
        var s = Streams<float>(4, 8);
        var adam = Assert.Throws<ArgumentException>(() => AdamWStep.Apply<float>(s[0], s[1], s[2], s[3].AsSpan(1), Factors<float>(0)));
        Assert.Contains("length of secondMoment: expected 8", adam.Message, StringComparison.Ordinal);
        Assert.Contains("found 7", adam.Message, StringComparison.Ordinal);
        var sgd = Assert.Throws<ArgumentException>(() => MomentumSgdStep.Apply<float>(s[0], s[1].AsSpan(2), s[2], MomentumSgdFactors<float>.Of(0.9, 0.1, 0, 1)));
        Assert.Contains("length of gradient: expected 8", sgd.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => SumOfSquares.Of<Half>([Half.One]));
    }

    private static AdamWFactors<T> Factors<T>(double decay)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        AdamWFactors<T>.Of(0.9, 0.99, 0.9 * 0.9 * 0.9, 0.99 * 0.99 * 0.99, Epsilon, Rate, decay, Scale);

    private static void AdamW<T>(int length, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var s = Streams<T>(4, length + 2 * Around);
        var before = s.Select(x => x.Select(y => double.CreateTruncating(y)).ToArray()).ToArray();
        Span<T> At(int stream) => s[stream].AsSpan(Around, length);
        AdamWStep.Apply(At(0), At(1), At(2), At(3), Factors<T>(Decay));
        for (var i = 0; i < length + 2 * Around; i++)
        {
            double p = before[0][i], g = before[1][i] * Scale, m = before[2][i], v = before[3][i];
            if (i >= Around && i < Around + length)
            {
                m = 0.9 * m + (1 - 0.9) * g;
                v = 0.99 * v + (1 - 0.99) * g * g;
                double hatM = m / (1 - Math.Pow(0.9, 3)), hatV = v / (1 - Math.Pow(0.99, 3));
                p -= Rate * hatM / (Math.Sqrt(hatV) + Epsilon) + Rate * Decay * p;
                Near(before[1][i], s[1][i], 0);
                Near(p, s[0][i], tolerance);
                Near(m, s[2][i], tolerance);
                Near(v, s[3][i], tolerance);
            }
            else
            {
                for (var stream = 0; stream < 4; stream++) Near(before[stream][i], s[stream][i], 0);
            }
        }
    }

    private static void Momentum<T>(int length, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var s = Streams<T>(3, length + 2 * Around);
        var before = s.Select(x => x.Select(y => double.CreateTruncating(y)).ToArray()).ToArray();
        Span<T> At(int stream) => s[stream].AsSpan(Around, length);
        MomentumSgdStep.Apply(At(0), At(1), At(2), MomentumSgdFactors<T>.Of(0.8, Rate, Decay, Scale));
        for (var i = 0; i < length + 2 * Around; i++)
        {
            var inside = i >= Around && i < Around + length;
            var velocity = inside ? 0.8 * before[2][i] + Scale * before[1][i] : before[2][i];
            Near(inside ? before[0][i] - Rate * velocity - Rate * Decay * before[0][i] : before[0][i], s[0][i], inside ? tolerance : 0);
            Near(before[1][i], s[1][i], 0);
            Near(velocity, s[2][i], inside ? tolerance : 0);
        }
    }

    private static void Widths<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var length in (int[])[1, 15, 16, 17, 67])
        {
            var adam = LaneDriver.First<AdamWBody<T>, T>(new(Factors<T>(Decay)));
            var sgd = LaneDriver.First<MomentumSgdBody<T>, T>(new(MomentumSgdFactors<T>.Of(0.8, Rate, Decay, Scale)));
            var expected = Streams<T>(7, length);
            AdamWStep.Apply(expected[0], expected[1], expected[2], expected[3], Factors<T>(Decay));
            MomentumSgdStep.Apply(expected[4], expected[5], expected[6], MomentumSgdFactors<T>.Of(0.8, Rate, Decay, Scale));
            for (var width = 0; width < 4; width++)
            {
                var s = Streams<T>(7, length);
                LaneWidths.Run(adam, s[..4], width, length % 2 == 0);
                LaneWidths.Run(sgd, s[4..], width, length % 2 == 0);
                for (var stream = 0; stream < 7; stream++) Assert.Equal(expected[stream], s[stream]);
            }
        }
    }

    private static unsafe void SumWidths<T>(int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = Streams<T>(1, length)[0];
        fixed (T* x = values)
        {
            var expected = SumOfSquares.Of<T>(values);
            Assert.Equal(expected, SumOfSquares.Of<SimdScalar<T>, T>(x, length));
            Assert.Equal(expected, SumOfSquares.Of<Simd128<T>, T>(x, length));
            Assert.Equal(expected, SumOfSquares.Of<Simd256<T>, T>(x, length));
            Assert.Equal(expected, SumOfSquares.Of<Simd512<T>, T>(x, length));
        }
    }

    /// <summary>Found over expected; 1 of no elements.</summary>
    private static double Sum<T>(int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = Streams<T>(1, length + 2 * Around)[0];
        var inside = values.AsSpan(Around, length);
        var expected = 0.0;
        foreach (var x in inside) expected += double.CreateTruncating(x) * double.CreateTruncating(x);
        var found = double.CreateTruncating(SumOfSquares.Of<T>(inside));
        return length == 0 ? 1 + found : found / expected;
    }

    private static void Near<T>(double expected, T found, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Assert.InRange(double.CreateTruncating(found) - expected, -tolerance * (1 + Math.Abs(expected)), tolerance * (1 + Math.Abs(expected)));

    // The second moment, stream 3, is never negative.
    private static T[][] Streams<T>(int count, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Philox(31);
        var streams = new T[count][];
        for (var s = 0; s < count; s++)
        {
            random.FillNormal(streams[s] = new T[length], T.One + T.One);
            for (var i = 0; s == 3 && i < length; i++) streams[s][i] *= streams[s][i];
        }

        return streams;
    }
}
