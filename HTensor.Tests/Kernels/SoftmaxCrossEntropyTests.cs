using System.Numerics;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class SoftmaxCrossEntropyTests
{
    private const int Width = LaneBlock.Width;

    [Fact]
    public void Forward_is_the_equation()
    {
        foreach (var classes in (int[])[1, 2, 3, 11, 29, 130])
        {
            Forward<float>(classes, 1, 4e-7);
            Forward<double>(classes, 1, 4e-16);
            Forward<float>(classes, 30, 4e-7);
            Forward<double>(classes, 300, 4e-16);
        }
    }

    [Fact]
    public void Backward_agrees_with_central_differences_of_the_loss()
    {
        const int Classes = 5;
        const double Step = 1e-5, Scale = 0.75;
        var (logits, labels) = (Logits<double>(Classes, 2), Labels(Classes));
        double[] p = new double[logits.Length], losses = new double[Width], gradient = new double[logits.Length];
        SoftmaxCrossEntropy.Forward<double>(logits, labels, p, losses);
        SoftmaxCrossEntropy.Backward<double>(p, labels, Scale, gradient);
        for (var i = 0; i < logits.Length; i++)
        {
            double LossAt(double by)
            {
                var moved = (double[])logits.Clone();
                moved[i] += by;
                SoftmaxCrossEntropy.Forward<double>(moved, labels, new double[moved.Length], losses);
                return Scale * losses.Sum();
            }

            Assert.InRange(gradient[i] - (LossAt(Step) - LossAt(-Step)) / (2 * Step), -1e-9, 1e-9);
        }
    }

    [Fact]
    public void Absent_samples_have_no_loss_and_no_gradient_even_when_they_are_not_numbers()
    {
        var logits = Logits<float>(4, 1);
        int[] labels = [.. Enumerable.Repeat(-1, Width)];
        labels[2] = 3;
        for (var k = 0; k < 4; k++) logits[k * Width + 5] = float.NaN;
        float[] p = new float[logits.Length], losses = new float[Width], gradient = new float[logits.Length];
        Array.Fill(losses, float.NaN);
        SoftmaxCrossEntropy.Forward<float>(logits, labels, p, losses);
        SoftmaxCrossEntropy.Backward<float>(p, labels, 1, gradient);
        for (var lane = 0; lane < Width; lane++)
        {
            if (lane == 2)
            {
                Assert.True(losses[lane] > 0);
                continue;
            }

            Assert.Equal(0, BitConverter.SingleToInt32Bits(losses[lane]));
            for (var k = 0; k < 4; k++) Assert.Equal(0, BitConverter.SingleToInt32Bits(gradient[k * Width + lane]));
        }

        // A prediction needs no label.
        Assert.InRange(p[0] + p[Width] + p[2 * Width] + p[3 * Width], 1 - 1e-6f, 1 + 1e-6f);
    }

    [Fact]
    public void Extreme_logits_neither_overflow_nor_lose_the_loss()
    {
        Extreme(float.MaxValue / 4);
        Extreme(double.MaxValue / 4);
        Extreme(1000f);
        Extreme(1e5);
    }

    [Fact]
    public void A_NaN_stays_in_its_lane()
    {
        for (var k = 0; k < 3; k++)
        {
            var (logits, labels) = (Logits<float>(3, 1), Labels(3));
            logits[k * Width + 7] = float.NaN;
            labels[7] = 1;
            float[] p = new float[logits.Length], losses = new float[Width];
            SoftmaxCrossEntropy.Forward<float>(logits, labels, p, losses);
            for (var i = 0; i < p.Length; i++) Assert.Equal(i % Width == 7, float.IsNaN(p[i]));
            for (var lane = 0; lane < Width; lane++) Assert.Equal(lane == 7, float.IsNaN(losses[lane]));
            SoftmaxCrossEntropy.Backward<float>(p, labels, 1, p);
            for (var i = 0; i < p.Length; i++) Assert.Equal(i % Width == 7, float.IsNaN(p[i]));
        }
    }

    [Fact]
    public void In_place_and_every_width_have_the_same_bits()
    {
        SameBits<float>(7);
        SameBits<double>(7);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        float[] x = new float[32], losses = new float[16];
        var labels = new int[16];
        Assert.Contains("labels: expected 16, found 15", Message(() => SoftmaxCrossEntropy.Forward<float>(x, labels.AsSpan(1), x, losses)), StringComparison.Ordinal);
        Assert.Contains("losses: expected 16, found 15", Message(() => SoftmaxCrossEntropy.Forward<float>(x, labels, x, losses.AsSpan(1))), StringComparison.Ordinal);
        Assert.Contains("found 31", Message(() => SoftmaxCrossEntropy.Forward<float>(x.AsSpan(1), labels, x, losses)), StringComparison.Ordinal);
        Assert.Contains("found 0", Message(() => SoftmaxCrossEntropy.Forward<float>([], labels, [], losses)), StringComparison.Ordinal);
        Assert.Contains("length of gradient: expected 32", Message(() => SoftmaxCrossEntropy.Backward<float>(x, labels, 1, losses)), StringComparison.Ordinal);
        labels[3] = 2;
        Assert.Contains("label of lane 3: expected below 2, or negative, found 2", Message(() => SoftmaxCrossEntropy.Backward<float>(x, labels, 1, x)), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var (x, labels) = (Logits<float>(9, 1), Labels(9));
        float[] p = new float[x.Length], losses = new float[Width];
        void Run()
        {
            SoftmaxCrossEntropy.Forward<float>(x, labels, p, losses);
            SoftmaxCrossEntropy.Backward<float>(p, labels, 0.5f, p);
        }

        Run();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 10; i++) Run();
        }));
    }

    private static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;

    private static void Forward<T>(int classes, double size, double epsilon)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (logits, labels) = (Logits<T>(classes, size), Labels(classes));
        T[] p = new T[logits.Length], losses = new T[Width];
        SoftmaxCrossEntropy.Forward<T>(logits, labels, p, losses);
        for (var lane = 0; lane < Width; lane++)
        {
            var x = Enumerable.Range(0, classes).Select(k => double.CreateTruncating(logits[k * Width + lane])).ToArray();
            var maximum = x.Max();
            var sum = x.Sum(v => Math.Exp(v - maximum));

            // The subtraction of the maximum rounds in T: an error of epsilon times the distance, in the exponent.
            for (var k = 0; k < classes; k++)
            {
                var expected = Math.Exp(x[k] - maximum) / sum;
                var tolerance = epsilon * (maximum - x[k] + classes + 4) * expected + double.CreateTruncating(T.Epsilon) * 4;
                Assert.InRange(double.CreateTruncating(p[k * Width + lane]) - expected, -tolerance, tolerance);
            }

            var loss = labels[lane] < 0 ? 0 : Math.Log(sum) - (x[labels[lane]] - maximum);
            var allowed = labels[lane] < 0 ? 0 : epsilon * (Math.Abs(loss) + classes + 4);
            Assert.InRange(double.CreateTruncating(losses[lane]) - loss, -allowed, allowed);
        }
    }

    /// <summary>One class far above: probability 1 and loss 0 there, and elsewhere probability 0 and the distance as loss.</summary>
    private static void Extreme<T>(T size)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var logits = new T[3 * Width];
        var labels = new int[Width];
        for (var lane = 0; lane < Width; lane++)
        {
            (logits[lane], logits[Width + lane], logits[2 * Width + lane]) = (-size, size, T.Zero);
            labels[lane] = lane % 3;
        }

        T[] p = new T[logits.Length], losses = new T[Width], gradient = new T[logits.Length];
        SoftmaxCrossEntropy.Forward<T>(logits, labels, p, losses);
        SoftmaxCrossEntropy.Backward<T>(p, labels, T.One, gradient);
        for (var lane = 0; lane < Width; lane++)
        {
            Assert.Equal([T.Zero, T.One, T.Zero], new[] { p[lane], p[Width + lane], p[2 * Width + lane] });
            Assert.Equal(lane % 3 == 0 ? size + size : lane % 3 == 1 ? T.Zero : size, losses[lane]);
            Assert.Equal(lane % 3 == 1 ? T.Zero : T.One, gradient[Width + lane]);
        }
    }

    private static unsafe void SameBits<T>(int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (logits, labels) = (Logits<T>(classes, 3), Labels(classes));
        T[] p = new T[logits.Length], losses = new T[Width], gradient = new T[logits.Length], other = new T[Width];
        SoftmaxCrossEntropy.Forward<T>(logits, labels, p, losses);
        var scale = T.CreateTruncating(0.3);
        SoftmaxCrossEntropy.Backward<T>(p, labels, scale, gradient);
        for (var width = 0; width < 4; width++)
        {
            var x = (T[])logits.Clone();
            fixed (T* at = x, loss = other)
            fixed (int* label = labels)
            {
                if (width == 0) SoftmaxCrossEntropy.Forward<SimdScalar<T>, T>(at, label, classes, at, loss);
                if (width == 1) SoftmaxCrossEntropy.Forward<Simd128<T>, T>(at, label, classes, at, loss);
                if (width == 2) SoftmaxCrossEntropy.Forward<Simd256<T>, T>(at, label, classes, at, loss);
                if (width == 3) SoftmaxCrossEntropy.Forward<Simd512<T>, T>(at, label, classes, at, loss);
                Assert.Equal(p, x);
                Assert.Equal(losses, other);
                if (width == 0) SoftmaxCrossEntropy.Backward<SimdScalar<T>, T>(at, label, scale, classes, at);
                if (width == 1) SoftmaxCrossEntropy.Backward<Simd128<T>, T>(at, label, scale, classes, at);
                if (width == 2) SoftmaxCrossEntropy.Backward<Simd256<T>, T>(at, label, scale, classes, at);
                if (width == 3) SoftmaxCrossEntropy.Backward<Simd512<T>, T>(at, label, scale, classes, at);
                Assert.Equal(gradient, x);
            }
        }
    }

    private static T[] Logits<T>(int classes, double size)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var logits = new T[classes * Width];
        new Philox(3).FillNormal(logits, T.CreateTruncating(size));
        return logits;
    }

    /// <summary>Lanes 4 and 15 are absent.</summary>
    private static int[] Labels(int classes) => [.. Enumerable.Range(0, Width).Select(lane => lane is 4 or 15 ? -lane : lane * 7 % classes)];
}
