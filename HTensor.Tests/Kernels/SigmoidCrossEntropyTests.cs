using HTensor.Kernels;

namespace HTensor.Tests.Kernels;

public sealed class SigmoidCrossEntropyTests
{
    [Fact]
    public void Is_the_equation_at_every_length_and_size_of_logits()
    {
        var random = new Philox(3);
        for (var length = 0; length <= 70; length++)
        {
            double[] logits = new double[length], targets = new double[length], p = new double[length], loss = new double[length];
            random.FillNormal<double>(logits, 20);
            for (var i = 0; i < length; i++) targets[i] = random.NextInt32(2);
            float[] p32 = new float[length], loss32 = new float[length];
            SigmoidCrossEntropy.Forward<double>(logits, targets, p, loss);
            SigmoidCrossEntropy.Forward<float>(logits.Select(x => (float)x).ToArray(), targets.Select(x => (float)x).ToArray(), p32, loss32);
            for (var i = 0; i < length; i++)
            {
                var expected = Math.Max(logits[i], 0) - logits[i] * targets[i] + Math.Log(1 + Math.Exp(-Math.Abs(logits[i])));
                Assert.Equal(expected, loss[i], 1e-13);
                Assert.Equal(expected, loss32[i], 2e-5);
                Assert.Equal(1 / (1 + Math.Exp(-logits[i])), p[i], 1e-14);
            }
        }
    }

    [Fact]
    public void Large_logits_overflow_nowhere_and_a_NaN_stays_where_it_is()
    {
        float[] logits = [1e30f, -1e30f, float.NaN, 0], targets = [1, 0, 0, 1], p = new float[4], loss = new float[4];
        SigmoidCrossEntropy.Forward<float>(logits, targets, p, loss);
        Assert.Equal([1, 0, float.NaN, 0.5f], p);
        Assert.Equal([0, 0, float.NaN, MathF.Log(2)], loss.Select(value => value));
    }

    [Fact]
    public void Lengths_that_differ_are_named() =>
        Assert.Contains("length of losses: expected 4", Assert.Throws<ArgumentException>(() => SigmoidCrossEntropy.Forward<float>(new float[4], new float[4], new float[4], new float[3])).Message, StringComparison.Ordinal);
}
