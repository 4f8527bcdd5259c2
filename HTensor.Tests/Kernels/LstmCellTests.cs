using System.Numerics;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class LstmCellTests
{
    [Fact]
    public void Forward_is_the_equations_at_every_length()
    {
        for (var length = 0; length <= 70; length++)
        {
            Forward<float>(length, 4e-7);
            Forward<double>(length, 2e-15);
        }
    }

    [Fact]
    public void Backward_agrees_with_central_differences()
    {
        for (var length = 1; length <= 40; length += 13) Backward(length);
    }

    [Fact]
    public void Bits_do_not_depend_on_the_position_or_the_width()
    {
        const int Length = 1053;
        var whole = Streams<float>(12, Length);
        var pieces = Streams<float>(12, Length);
        LstmCell.Backward<float>(whole[0], whole[1], whole[2], whole[3], whole[4], whole[5], whole[6], whole[7], whole[8], whole[9], whole[10], whole[11]);
        for (var at = 0; at < Length; at++)
        {
            Span<float> P(int s) => pieces[s].AsSpan(at, 1);
            LstmCell.Backward<float>(P(0), P(1), P(2), P(3), P(4), P(5), P(6), P(7), P(8), P(9), P(10), P(11));
        }

        for (var s = 0; s < 12; s++) Assert.Equal(whole[s], pieces[s]);
        LstmCell.Forward<float>(whole[0], whole[1], whole[2], whole[3], whole[4], whole[5], whole[6]);
        var forward = LaneDriver.First<SigmoidGateBody<float>, float>(new(0)).Then(new SigmoidGateBody<float>(1)).Then(new SigmoidGateBody<float>(3))
            .Then(default(LstmStateBody<float>)).Then(default(LstmHiddenBody<float>));
        for (var width = 0; width < LaneWidths.Count; width++)
        {
            foreach (var descends in (bool[])[false, true])
            {
                var other = Streams<float>(12, Length);
                LaneWidths.Run(LaneDriver.First<LstmBackwardBody<float>, float>(default), other, width, descends);
                LaneWidths.Run(forward, other[..7], width, descends);
                for (var s = 0; s < 12; s++) Assert.Equal(whole[s], other[s]);
            }
        }
    }

    [Fact]
    public void The_state_may_be_updated_in_place()
    {
        var a = Streams<double>(7, 21);
        var b = Streams<double>(7, 21);
        LstmCell.Forward<double>(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
        LstmCell.Forward<double>(b[0], b[1], b[2], b[3], b[4], b[4], b[6]);
        Assert.Equal(a[5], b[4]);
        Assert.Equal(a[6], b[6]);
    }

    [Fact]
    public void Lengths_that_differ_are_named()
    {
        var s = Streams<float>(7, 8);
        var exception = Assert.Throws<ArgumentException>(() => LstmCell.Forward<float>(s[0], s[1], s[2], s[3], s[4], s[5].AsSpan(1), s[6]));
        Assert.Contains("length of cell: expected 8", exception.Message, StringComparison.Ordinal);
        Assert.Contains("found 7", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Streams_one_behind_the_other_at_any_distance_have_the_same_bits()
    {
        const int Length = 1024;
        var expected = Streams<float>(12, Length);
        LstmCell.Forward<float>(expected[0], expected[1], expected[2], expected[3], expected[4], expected[5], expected[6]);
        LstmCell.Backward<float>(expected[0], expected[1], expected[2], expected[3], expected[4], expected[5], expected[6], expected[7], expected[8],
            expected[9], expected[10], expected[11]);
        foreach (var gap in (int[])[0, 3, 6, 40, 1018, 1021])
        {
            var memory = new float[12 * (Length + gap)];
            Array.Fill(memory, float.NaN);
            Span<float> Of(int s) => memory.AsSpan(s * (Length + gap), Length);
            var values = Streams<float>(12, Length);
            for (var s = 0; s < 12; s++) values[s].CopyTo(Of(s));
            LstmCell.Forward<float>(Of(0), Of(1), Of(2), Of(3), Of(4), Of(5), Of(6));
            LstmCell.Backward<float>(Of(0), Of(1), Of(2), Of(3), Of(4), Of(5), Of(6), Of(7), Of(8), Of(9), Of(10), Of(11));
            for (var s = 0; s < 12; s++) Assert.Equal(expected[s], Of(s));
            for (var s = 0; s < 12; s++) Assert.All(memory.AsSpan(s * (Length + gap) + Length, gap).ToArray(), v => Assert.True(float.IsNaN(v)));
        }
    }

    [Fact]
    public void Streams_that_overlap_are_refused_and_named()
    {
        var s = Streams<float>(12, 64);
        var memory = new float[100];
        var message = Assert.Throws<ArgumentException>(() =>
            LstmCell.Forward<float>(s[0], s[1], s[2], s[3], memory.AsSpan(0, 64), memory.AsSpan(1, 64), s[6])).Message;
        Assert.Contains("cell: expected memory apart from cellBefore, found", message, StringComparison.Ordinal);
        message = Assert.Throws<ArgumentException>(() => LstmCell.Forward<float>(s[0], s[1], s[2], s[3], s[4], s[5], s[5])).Message;
        Assert.Contains("cell: expected memory apart from hidden, found", message, StringComparison.Ordinal);
        message = Assert.Throws<ArgumentException>(() => LstmCell.Backward<float>(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10], s[8])).Message;
        Assert.Contains("iGradient: expected memory apart from oGradient, found", message, StringComparison.Ordinal);
    }

    private static T[][] Streams<T>(int count, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Philox(9);
        var streams = new T[count][];
        for (var s = 0; s < count; s++) random.FillNormal(streams[s] = new T[length], T.One + T.One);
        return streams;
    }

    private static void Forward<T>(int length, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var s = Streams<T>(7, length);
        var before = s.Select(x => x.Select(v => double.CreateTruncating(v)).ToArray()).ToArray();
        LstmCell.Forward<T>(s[0], s[1], s[2], s[3], s[4], s[5], s[6]);
        for (var j = 0; j < length; j++)
        {
            double i = Sigmoid(before[0][j]), f = Sigmoid(before[1][j]), g = Math.Tanh(before[2][j]), o = Sigmoid(before[3][j]);
            var cell = f * before[4][j] + i * g;
            double[] expected = [i, f, g, o, before[4][j], cell, o * Math.Tanh(cell)];
            for (var k = 0; k < 7; k++) Assert.InRange(double.CreateTruncating(s[k][j]) - expected[k], -tolerance * 4, tolerance * 4);
        }
    }

    /// <summary>The loss is sum(u hidden + w cell).</summary>
    private static void Backward(int length)
    {
        const double Step = 1e-5;
        var x = Streams<double>(5, length);
        var u = Streams<double>(7, length)[5];
        var w = Streams<double>(7, length)[6];
        double LossAt(int stream, int j, double by)
        {
            var s = x.Select(v => v.ToArray()).ToArray();
            s[stream][j] += by;
            double[] cell = new double[length], hidden = new double[length];
            LstmCell.Forward<double>(s[0], s[1], s[2], s[3], s[4], cell, hidden);
            return u[j] * hidden[j] + w[j] * cell[j];
        }

        var a = x.Select(v => v.ToArray()).ToArray();
        double[] c = new double[length], h = new double[length], dc = w.ToArray();
        LstmCell.Forward<double>(a[0], a[1], a[2], a[3], a[4], c, h);
        double[] di = new double[length], df = new double[length], dg = new double[length], d0 = new double[length];
        LstmCell.Backward<double>(a[0], a[1], a[2], a[3], a[4], c, u, dc, di, df, dg, d0);
        double[][] found = [di, df, dg, d0, dc];
        for (var stream = 0; stream < 5; stream++)
        {
            for (var j = 0; j < length; j++)
            {
                var expected = (LossAt(stream, j, Step) - LossAt(stream, j, -Step)) / (2 * Step);
                Assert.InRange(found[stream][j] - expected, -1e-8, 1e-8);
            }
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
