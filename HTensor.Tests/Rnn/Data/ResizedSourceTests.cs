using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Xunit;
using HTensor.Rnn;
using Xunit;

namespace HTensor.Tests.Rnn.Data;

public sealed class ResizedSourceTests
{
    [Fact]
    public void Sizes_and_labels_of_a_resized_source()
    {
        var source = ArraySequenceSource.FromBytes(new byte[2 * 3 * 36 * 48 * 3], 3, [36, 48, 3], [0, 1], [3, 2]);
        var resized = new ResizedSource(source, height: 120, width: 160);
        Assert.Equal([120, 160, 3], resized.FrameShape);
        Assert.Equal((2, 3, 1, 2, FrameElement.UInt8), (resized.Count, resized.Steps, resized.Label(1), resized.Length(1), resized.Element));
        Assert.Equal([5, 7], new ResizedSource(ArraySequenceSource.FromBytes(new byte[8], 1, [2, 2], [0, 1]), 5, 7).FrameShape);
    }

    [Fact]
    public void Doubling_two_pixels_gives_the_known_weights()
    {
        // Half-pixel centres: positions -1/4, 1/4, 3/4, 5/4, the ends clamped.
        var source = ArraySequenceSource.FromBytes(new byte[] { 0, 100 }, 1, [1, 2], [0]);
        Assert.Equal([0, 25, 75, 100], Read(new ResizedSource(source, 1, 4), 0));
        var floats = ArraySequenceSource.FromFloats([0, 100], 1, [2, 1], [0]);
        Assert.Equal([0f, 25, 75, 100], Singles(new ResizedSource(floats, 4, 1), 0));
    }

    [Property(MaxTest = 60)]
    public void Bytes_agree_with_bilinear_interpolation_in_double(byte[] pixels, byte h, byte w, byte c, byte toH, byte toW)
    {
        int[] shape = [1 + h % 9, 1 + w % 9, 1 + c % 4];
        var frame = Repeat(pixels, shape[0] * shape[1] * shape[2]);
        var (height, width) = (1 + toH % 20, 1 + toW % 50);
        var resized = Read(new ResizedSource(ArraySequenceSource.FromBytes(frame, 1, shape, [0]), height, width), 0);
        var expected = Bilinear(Array.ConvertAll(frame, value => (double)value), shape, height, width);
        // Weights to 1/4096 on two axes: a quarter of 255/2048 each at most, and the rounding to a byte.
        for (var i = 0; i < expected.Length; i++) Assert.InRange(resized[i], expected[i] - 0.75, expected[i] + 0.75);
    }

    [Property(MaxTest = 60)]
    public void Floats_agree_with_bilinear_interpolation_in_double(NormalFloat[] pixels, byte h, byte w, byte c, byte toH, byte toW)
    {
        int[] shape = [1 + h % 9, 1 + w % 9, 1 + c % 4];
        var frame = Repeat(pixels.Select(value => (float)(value.Get % 1000)).ToArray(), shape[0] * shape[1] * shape[2]);
        var (height, width) = (1 + toH % 20, 1 + toW % 50);
        var resized = Singles(new ResizedSource(ArraySequenceSource.FromFloats(frame, 1, shape, [0]), height, width), 0);
        var expected = Bilinear(Array.ConvertAll(frame, value => (double)value), shape, height, width);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], resized[i], 1000 * Math.ScaleB(1, -23));
    }

    [Fact]
    public void The_same_size_and_constant_images_stay_as_they_are()
    {
        var random = new Random(1);
        var frame = new byte[7 * 11 * 3];
        random.NextBytes(frame);
        Assert.Equal(frame, Read(new ResizedSource(ArraySequenceSource.FromBytes(frame, 1, [7, 11, 3], [0]), 7, 11), 0));
        var floats = Array.ConvertAll(frame, value => value / 7f);
        Assert.Equal(floats, Singles(new ResizedSource(ArraySequenceSource.FromFloats(floats, 1, [7, 11, 3], [0]), 7, 11), 0));
        foreach (var value in new byte[] { 1, 127, 255 })
        {
            var constant = Enumerable.Repeat(value, 7 * 11).ToArray();
            Assert.All(Read(new ResizedSource(ArraySequenceSource.FromBytes(constant, 1, [7, 11], [0]), 30, 41), 0), pixel => Assert.Equal(value, pixel));
            var same = Enumerable.Repeat(value / 3f, 7 * 11).ToArray();
            Assert.All(Singles(new ResizedSource(ArraySequenceSource.FromFloats(same, 1, [7, 11], [0]), 30, 41), 0), pixel => Assert.Equal(value / 3f, pixel));
        }
    }

    [Fact]
    public void Extreme_floats_stay_finite()
    {
        var source = ArraySequenceSource.FromFloats([float.MaxValue, -float.MaxValue], 1, [1, 2], [0]);
        Assert.All(Singles(new ResizedSource(source, 3, 9), 0), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Steps_beyond_the_length_are_zeros_even_in_used_scratch()
    {
        var source = ArraySequenceSource.FromBytes(Enumerable.Repeat((byte)9, 2 * 2 * 4).ToArray(), 2, [2, 2], [0, 1], [1, 2]);
        var scratch = Enumerable.Repeat((byte)77, 2 * 9 + 5).ToArray();
        var read = new ResizedSource(source, 3, 3).Read(0, scratch);
        Assert.Equal([.. Enumerable.Repeat((byte)9, 9), .. new byte[9]], read.ToArray());
        Assert.Equal(77, scratch[18]);
    }

    [Fact]
    public void Resizing_twice_goes_through_the_inner_scratch()
    {
        var frame = Enumerable.Range(0, 16).Select(i => (byte)(16 * i)).ToArray();
        var once = new ResizedSource(ArraySequenceSource.FromBytes(frame, 1, [4, 4], [0]), 8, 8);
        var expected = Read(new ResizedSource(ArraySequenceSource.FromBytes(Read(once, 0), 1, [8, 8], [0]), 3, 5), 0);
        Assert.Equal(expected, Read(new ResizedSource(once, 3, 5), 0));
    }

    [Fact]
    public void Frames_that_are_no_images_are_refused()
    {
        var sound = ArraySequenceSource.FromBytes(new byte[64], 1, [64], [0]);
        var exception = Assert.Throws<ArgumentException>(() => new ResizedSource(sound, 8, 8));
        Assert.Contains("[height, width, channels], found [64]", exception.Message, StringComparison.Ordinal);
        var image = ArraySequenceSource.FromBytes(new byte[64], 1, [8, 8], [0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResizedSource(image, 0, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResizedSource(image, 8, -1));
        Assert.Throws<ArgumentException>(() => new ResizedSource(image, int.MaxValue, int.MaxValue));
        Assert.Throws<ArgumentException>(() => new ResizedSource(image, 8, 9).Read(0, new byte[71]));
    }

    [Fact]
    public void Reading_allocates_nothing_after_the_first_and_is_the_same_on_two_threads()
    {
        var frames = new byte[40 * 2 * 20 * 30 * 3];
        new Random(2).NextBytes(frames);
        var source = new ResizedSource(ArraySequenceSource.FromBytes(frames, 2, [20, 30, 3], new int[40]), 40, 50);
        var expected = Enumerable.Range(0, 40).Select(sample => Read(source, sample)).ToArray();
        var scratch = new byte[2 * 40 * 50 * 3];
        source.Read(0, scratch);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var sample = 0; sample < 40; sample++) source.Read(sample, scratch);
        }));
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 2 }, sample => Assert.Equal(expected[sample], Read(source, sample)));
    }

    [Fact]
    public void Data_with_another_source_keeps_its_splits()
    {
        var source = ArraySequenceSource.FromBytes(new byte[3 * 4], 1, [2, 2], [0, 1, 0]);
        var data = SequenceData.Create(source, ["a", "b"], [0, 1], [2]);
        var resized = data.WithSource(new ResizedSource(source, 4, 6));
        Assert.Equal([4, 6], resized.FrameShape);
        Assert.Equal([2], resized.TestIndices);
        Assert.Throws<ArgumentException>(() => data.WithSource(ArraySequenceSource.FromBytes(new byte[2], 1, [1], [0, 1])));
        Assert.Throws<ArgumentException>(() => data.WithSource(ArraySequenceSource.FromBytes(new byte[3], 1, [1], [0, 0, 0])));
    }

    /// <summary>The definition, pixel by pixel.</summary>
    private static double[] Bilinear(double[] frame, int[] shape, int height, int width)
    {
        var (h, w, channels) = (shape[0], shape[1], shape[2]);
        var result = new double[height * width * channels];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < channels; c++)
                {
                    var sy = Math.Clamp((y + 0.5) * h / height - 0.5, 0, h - 1);
                    var sx = Math.Clamp((x + 0.5) * w / width - 0.5, 0, w - 1);
                    var (y0, x0) = ((int)sy, (int)sx);
                    var (y1, x1) = (Math.Min(y0 + 1, h - 1), Math.Min(x0 + 1, w - 1));
                    double Pixel(int row, int column) => frame[(row * w + column) * channels + c];
                    var top = Pixel(y0, x0) * (1 - (sx - x0)) + Pixel(y0, x1) * (sx - x0);
                    var bottom = Pixel(y1, x0) * (1 - (sx - x0)) + Pixel(y1, x1) * (sx - x0);
                    result[(y * width + x) * channels + c] = top * (1 - (sy - y0)) + bottom * (sy - y0);
                }

        return result;
    }

    private static T[] Repeat<T>(T[] values, int count) where T : struct
    {
        var result = new T[count];
        for (var i = 0; i < count && values.Length > 0; i++) result[i] = values[i % values.Length];
        return result;
    }

    private static byte[] Read(ISequenceSource source, int sample)
    {
        var size = source.Steps * source.FrameShape.Aggregate(1, (product, mode) => product * mode) * (source.Element == FrameElement.UInt8 ? 1 : 4);
        return source.Read(sample, new byte[size]).ToArray();
    }

    private static float[] Singles(ISequenceSource source, int sample) => MemoryMarshal.Cast<byte, float>(Read(source, sample)).ToArray();
}
