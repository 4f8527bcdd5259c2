using HTensor.Autodiff;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Autodiff;

public sealed class GradientNormTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(300_001)]
    public void The_norm_is_the_norm_on_any_number_of_threads(int length)
    {
        var gradient = new float[length];
        new Philox(8).FillNormal(gradient, 3f);
        var expected = 0.0;
        foreach (var g in gradient) expected += (double)g * g;
        var norm = new GradientNorm<float>();
        var found = norm.Of(gradient, ThreadTeam.Inline);
        Assert.InRange(found / Math.Sqrt(expected), 1 - 1e-5, 1 + 1e-5);
        foreach (var size in (int[])[2, 4])
        {
            using var team = new ThreadTeam(size);
            Assert.Equal(found, norm.Of(gradient, team));
        }
    }

    [Fact]
    public void A_shorter_gradient_does_not_see_the_longer_one_before_it()
    {
        var norm = new GradientNorm<double>();
        var gradient = new double[200_000];
        gradient.AsSpan().Fill(1);
        norm.Of(gradient, ThreadTeam.Inline);
        Assert.Equal(5, norm.Of(new double[] { 3, 4 }, ThreadTeam.Inline));
    }

    [Fact]
    public void What_is_not_finite_is_seen_and_named()
    {
        var set = new ParameterSet<float>([new("weight", [300, 300]), new("bias", [7]), new("core", [2, 2])]);
        var gradient = new float[set.Length];
        Assert.Null(NonFinite.First<float>(set, gradient));
        gradient[set["core"].Offset] = float.NegativeInfinity;
        Assert.Equal("core", NonFinite.First<float>(set, gradient)?.Name);
        gradient[set["core"].Offset - 1] = float.NaN;
        Assert.Equal("bias", NonFinite.First<float>(set, gradient)?.Name);
        Assert.False(double.IsFinite(new GradientNorm<float>().Of(gradient, ThreadTeam.Inline)));
        Assert.Throws<ArgumentException>(() => NonFinite.First<float>(set, gradient.AsSpan(1)));
    }

    [Theory]
    [InlineData(2, 1, 0.5)]
    [InlineData(1, 1, 1)]
    [InlineData(0.5, 1, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(1e30, 0, 1)]
    [InlineData(1e30, double.PositiveInfinity, 1)]
    public void A_gradient_beyond_the_limit_is_scaled_to_it(double norm, double limit, double scale) =>
        Assert.Equal(scale, GradientClipping.Scale(norm, limit));

    [Fact]
    public void A_norm_that_no_scale_mends_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.Scale(double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.Scale(double.PositiveInfinity, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.Scale(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.Scale(1, -1));
    }
}
