using FsCheck;
using FsCheck.Xunit;
using HTensor.Rnn;
using Xunit;

namespace HTensor.Tests.Rnn.Data;

public sealed class FrameScalingTests
{
    [Fact]
    public void One_mean_and_deviation_a_channel_of_an_image_and_one_of_any_other_frame()
    {
        Assert.Equal(3, FrameScaling.ChannelsOf([120, 160, 3]));
        Assert.Equal(1, FrameScaling.ChannelsOf([120, 160]));
        Assert.Equal(1, FrameScaling.ChannelsOf([64]));
        Assert.Equal(1, FrameScaling.ChannelsOf([2, 3, 4, 5]));
        // Channel 0: 0 2 4 6, mean 3, variance 5. Channel 1: 10 10 10 10.
        var source = ArraySequenceSource.FromBytes(new byte[] { 0, 10, 2, 10, 4, 10, 6, 10 }, 2, [1, 2, 2], [0]);
        var scaling = FrameScaling.Measure(source, [0]);
        Assert.Equal([3, 10], scaling.Mean);
        Assert.Equal([MathF.Sqrt(5), 1], scaling.Deviation);
    }

    [Property]
    public void Bytes_agree_with_the_definition_over_valid_steps_of_the_given_samples(NonEmptyArray<byte> values, byte length)
    {
        var count = values.Get.Length;
        var lengths = Enumerable.Range(0, count).Select(i => i == 0 ? 1 + length % 3 : 2).ToArray();
        var bytes = values.Get.SelectMany(value => new[] { value, (byte)(value / 2), (byte)200 }).ToArray();
        var source = ArraySequenceSource.FromBytes(bytes, 3, [1], new int[count], lengths);
        int[] samples = count == 1 ? [0] : [0, count - 1];
        var valid = samples.SelectMany(i => bytes.Skip(3 * i).Take(lengths[i])).Select(value => (double)value).ToArray();
        AssertScaling(valid, FrameScaling.Measure(source, samples), 1e-6);
    }

    [Property]
    public void Floats_agree_with_the_definition(NonEmptyArray<NormalFloat> values)
    {
        var floats = values.Get.Select(value => (float)(value.Get % 1e6)).ToArray();
        var source = ArraySequenceSource.FromFloats(floats, 1, [1], new int[floats.Length]);
        AssertScaling(floats.Select(value => (double)value).ToArray(), FrameScaling.Measure(source, Enumerable.Range(0, floats.Length).ToArray()), 1e-6);
    }

    [Fact]
    public void Steps_beyond_the_length_do_not_count()
    {
        var source = ArraySequenceSource.FromFloats([4, 6, 0, 8, 0, 0], 3, [1], [0, 1], [2, 1]);
        var scaling = FrameScaling.Measure(source, [0, 1]);
        Assert.Equal([6], scaling.Mean);
        Assert.Equal([(float)Math.Sqrt(8.0 / 3)], scaling.Deviation);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(-1e20f)]
    public void Constant_data_has_deviation_one(float value)
    {
        var source = ArraySequenceSource.FromFloats(Enumerable.Repeat(value, 1000).ToArray(), 10, [100], [0]);
        var scaling = FrameScaling.Measure(source, [0]);
        Assert.Equal([value], scaling.Mean);
        Assert.Equal([1f], scaling.Deviation);
    }

    [Fact]
    public void Data_of_a_tiny_unit_is_not_constant()
    {
        var source = ArraySequenceSource.FromFloats([1e-13f, -1e-13f], 1, [1], [0, 1]);
        Assert.Equal(1e-13, FrameScaling.Measure(source, [0, 1]).Deviation[0], 1e-19);
    }

    [Fact]
    public void Numbers_that_make_no_scaling_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new FrameScaling([], []));
        Assert.Throws<ArgumentException>(() => new FrameScaling([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => new FrameScaling([float.NaN], [1]));
        Assert.Throws<ArgumentException>(() => new FrameScaling([1], [0]));
        Assert.Throws<ArgumentException>(() => new FrameScaling([1], [float.PositiveInfinity]));
        var source = ArraySequenceSource.FromBytes(new byte[2], 1, [1], [0, 1]);
        Assert.Throws<ArgumentException>(() => FrameScaling.Measure(source, []));
        Assert.Throws<ArgumentException>(() => FrameScaling.Measure(source, [2]));
    }

    private static void AssertScaling(double[] values, FrameScaling scaling, double relative)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        var scale = values.Max(Math.Abs) + 1;
        Assert.Equal(mean, scaling.Mean[0], relative * scale);
        if (deviation > 1e-5 * scale) Assert.Equal(deviation, scaling.Deviation[0], relative * scale);
    }
}
