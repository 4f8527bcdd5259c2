using System.Numerics;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class GruCellTests
{
    private const double Step = 1e-5;

    [Fact]
    public void Forward_is_the_equations_at_every_length()
    {
        for (var length = 0; length <= 70; length++)
        {
            Forward<float>(length, 2e-6);
            Forward<double>(length, 1e-14);
        }
    }

    [Fact]
    public void Backward_agrees_with_central_differences()
    {
        for (var length = 1; length <= 40; length += 13)
        {
            After(length);
            Candidate(length);
            Reset(length);
        }
    }

    [Fact]
    public void Bits_do_not_depend_on_the_position()
    {
        const int Length = 53;
        var (whole, pieces) = (Streams<float>(12, Length), Streams<float>(12, Length));
        All(s => whole[s]);
        for (var at = 0; at < Length; at++) All(s => pieces[s].AsSpan(at, 1));
        for (var s = 0; s < whole.Length; s++) Assert.Equal(whole[s], pieces[s]);

        static void All(Part p)
        {
            GruCell.Backward<float>(p(0), p(1), p(2), p(3), p(4), p(5), p(6), p(7), p(8), p(9));
            GruCell.BackwardCandidate<float>(p(0), p(1), p(2), p(5), p(10), p(11));
            GruCell.BackwardReset<float>(p(0), p(1), p(2), p(5), p(6));
            GruCell.Forward<float>(p(0), p(1), p(2), p(3), p(4), p(5));
            GruCell.ForwardReset<float>(p(6), p(7), p(4), p(8));
            GruCell.ForwardCandidate<float>(p(7), p(9), p(4), p(10));
            RnnCell.Backward<float>(p(5), p(4), p(11));
        }
    }

    [Fact]
    public void The_plain_cell_is_tanh_and_its_derivative()
    {
        for (var length = 1; length <= 40; length += 13)
        {
            var (x, up) = (Streams<double>(1, length)[0], Streams<double>(2, length)[1]);
            var (h, d) = (x.ToArray(), new double[length]);
            RnnCell.Forward<double>(h);
            RnnCell.Backward<double>(h, up, d);
            for (var j = 0; j < length; j++)
            {
                Assert.Equal(Math.Tanh(x[j]), h[j], 1e-15);
                Assert.Equal(up[j] * (Math.Tanh(x[j] + Step) - Math.Tanh(x[j] - Step)) / (2 * Step), d[j], 1e-8);
            }
        }
    }

    [Fact]
    public void Lengths_that_differ_are_named()
    {
        var s = Streams<float>(6, 8);
        var message = Assert.Throws<ArgumentException>(() => GruCell.Forward<float>(s[0], s[1], s[2], s[3].AsSpan(1), s[4], s[5])).Message;
        Assert.Contains("length of n: expected 8", message, StringComparison.Ordinal);
        message = Assert.Throws<ArgumentException>(() => RnnCell.Backward<float>(s[0], s[1], s[2].AsSpan(1))).Message;
        Assert.Contains("length of gradient: expected 8", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Streams_that_overlap_are_refused_and_named()
    {
        var s = Streams<float>(10, 8);
        var memory = new float[20];
        var message = Assert.Throws<ArgumentException>(() => GruCell.Forward<float>(s[0], s[1], s[2], s[3], memory.AsSpan(3, 8), memory.AsSpan(0, 8))).Message;
        Assert.Contains("hidden: expected memory apart from hiddenBefore, found", message, StringComparison.Ordinal);
        message = Assert.Throws<ArgumentException>(() => GruCell.Backward<float>(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[6])).Message;
        Assert.Contains("rGradient: expected memory apart from nGradient, found", message, StringComparison.Ordinal);
        message = Assert.Throws<ArgumentException>(() => RnnCell.Backward<float>(s[0], memory.AsSpan(0, 8), memory.AsSpan(7, 8))).Message;
        Assert.Contains("gradient: expected memory apart from hiddenGradient, found", message, StringComparison.Ordinal);
        message = Assert.Throws<ArgumentException>(() => AdamWStep.Apply<float>(s[0], s[1], s[2], s[2], default)).Message;
        Assert.Contains("firstMoment: expected memory apart from secondMoment, found", message, StringComparison.Ordinal);
    }

    private delegate Span<float> Part(int stream);

    private static T[][] Streams<T>(int count, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Philox(9);
        var streams = new T[count][];
        for (var s = 0; s < count; s++) random.FillNormal(streams[s] = new T[length], T.One);
        return streams;
    }

    private static void Forward<T>(int length, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (s, t) = (Streams<T>(6, length), Streams<T>(6, length));
        GruCell.Forward<T>(s[0], s[1], s[2], s[3], s[4], s[5]);
        GruCell.ForwardReset<T>(t[0], t[1], t[4], t[5]);
        var reset = t[5].ToArray();
        GruCell.ForwardCandidate<T>(t[1], t[3], t[4], t[5]);
        var x = Streams<T>(6, length).Select(stream => stream.Select(double.CreateTruncating).ToArray()).ToArray();
        for (var j = 0; j < length; j++)
        {
            var (r, z, before) = (Sigmoid(x[0][j]), Sigmoid(x[1][j]), x[4][j]);
            var (after, plain) = (Math.Tanh(x[3][j] + r * x[2][j]), Math.Tanh(x[3][j]));
            Near([r, z, after, (1 - z) * after + z * before], [s[0][j], s[1][j], s[3][j], s[5][j]]);
            Near([r, z, r * before, plain, (1 - z) * plain + z * before], [t[0][j], t[1][j], reset[j], t[3][j], t[5][j]]);
        }

        void Near(double[] expected, T[] found)
        {
            for (var k = 0; k < expected.Length; k++) Assert.InRange(double.CreateTruncating(found[k]) - expected[k], -tolerance, tolerance);
        }
    }

    /// <summary>Inputs r, z, q, n, hiddenBefore; the loss is sum(u hidden).</summary>
    private static void After(int length)
    {
        var (x, u) = (Streams<double>(5, length), Streams<double>(7, length)[6]);
        var a = Copy(x);
        var dh = u.ToArray();
        var d = Enumerable.Range(0, 4).Select(_ => new double[length]).ToArray();
        GruCell.Forward<double>(a[0], a[1], a[2], a[3], a[4], new double[length]);
        GruCell.Backward<double>(a[0], a[1], a[2], a[3], a[4], dh, d[0], d[1], d[2], d[3]);
        Compare(x, [d[0], d[1], d[2], d[3], dh], (s, j) =>
        {
            var hidden = new double[length];
            GruCell.Forward<double>(s[0], s[1], s[2], s[3], s[4], hidden);
            return u[j] * hidden[j];
        });
    }

    /// <summary>Inputs z (activated), n, hiddenBefore. The gradient of z is at its pre-activation.</summary>
    private static void Candidate(int length)
    {
        var (x, u) = (Streams<double>(3, length), Streams<double>(7, length)[6]);
        var a = Copy(x);
        Functions.Sigmoid<double>(a[0], a[0]);
        var (dh, dz, dn) = (u.ToArray(), new double[length], new double[length]);
        GruCell.ForwardCandidate<double>(a[0], a[1], a[2], new double[length]);
        GruCell.BackwardCandidate<double>(a[0], a[1], a[2], dh, dz, dn);
        Compare(x, [dz, dn, dh], (s, j) =>
        {
            var hidden = new double[length];
            Functions.Sigmoid<double>(s[0], s[0]);
            GruCell.ForwardCandidate<double>(s[0], s[1], s[2], hidden);
            return u[j] * hidden[j];
        });
    }

    /// <summary>Inputs r, hiddenBefore; the loss is sum(u resetHidden) + sum(w hiddenBefore).</summary>
    private static void Reset(int length)
    {
        var (x, u, w) = (Streams<double>(2, length), Streams<double>(7, length)[6], Streams<double>(7, length)[5]);
        var a = Copy(x);
        var (dh, dr) = (w.ToArray(), new double[length]);
        GruCell.ForwardReset<double>(a[0], new double[length], a[1], new double[length]);
        GruCell.BackwardReset<double>(a[0], a[1], u, dh, dr);
        Compare(x, [dr, dh], (s, j) =>
        {
            var reset = new double[length];
            GruCell.ForwardReset<double>(s[0], new double[length], s[1], reset);
            return u[j] * reset[j] + w[j] * s[1][j];
        });
    }

    private static void Compare(double[][] x, double[][] found, Func<double[][], int, double> lossOf)
    {
        for (var stream = 0; stream < x.Length; stream++)
        {
            for (var j = 0; j < x[stream].Length; j++)
            {
                double At(double by)
                {
                    var s = Copy(x);
                    s[stream][j] += by;
                    return lossOf(s, j);
                }

                Assert.Equal((At(Step) - At(-Step)) / (2 * Step), found[stream][j], 1e-8);
            }
        }
    }

    private static double[][] Copy(double[][] streams) => [.. streams.Select(stream => stream.ToArray())];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
