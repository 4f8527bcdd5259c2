using System.Security.Cryptography;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests;

public sealed class GeneratedVideoTests
{
    [Fact]
    public void The_clips_of_seed_1_have_the_same_bits_everywhere()
    {
        // No outside source: these bits are what the first version painted, and what every later one and every machine must paint.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (train, test) = GeneratedVideo.Split(seed: 1, trainCount: 22, testCount: 11);
        for (var i = 0; i < train.Count; i++) hash.AppendData(Clip(train, i));
        for (var i = 0; i < test.Count; i++) hash.AppendData(Clip(test, i));
        Assert.Equal("5186f3d90ce3a23bdcd7698bec4fccd9b969b51207ce063802414d50bff5880a", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void A_clip_does_not_depend_on_the_count_the_order_or_the_thread()
    {
        var small = new GeneratedVideo(seed: 7, count: 16);
        var large = new GeneratedVideo(seed: 7, count: 1000);
        var expected = Enumerable.Range(0, 16).Select(i => Clip(small, i)).ToArray();
        var wrong = 0;
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            var sample = 15 - (i % 16);
            if (!Clip(large, sample).AsSpan().SequenceEqual(expected[sample])) Interlocked.Increment(ref wrong);
        });
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Clips_of_other_seeds_numbers_and_splits_differ()
    {
        var (train, test) = GeneratedVideo.Split(seed: 1, trainCount: 12, testCount: 12);
        var other = new GeneratedVideo(seed: 2, count: 12);
        var clips = new[] { train, test, other }.SelectMany(source => Enumerable.Range(0, 12).Select(i => Convert.ToHexString(SHA256.HashData(Clip(source, i)))));
        Assert.Equal(36, clips.Distinct().Count());
    }

    [Fact]
    public void Test_clips_do_not_depend_on_the_number_of_training_clips()
    {
        var (_, few) = GeneratedVideo.Split(seed: 3, trainCount: 10, testCount: 5);
        var (_, many) = GeneratedVideo.Split(seed: 3, trainCount: 10_000, testCount: 5);
        Assert.Equal(Clip(few, 4), Clip(many, 4));
        Assert.Equal(few.Label(4), many.Label(4));
    }

    [Fact]
    public void Classes_are_named_and_balanced_in_both_splits()
    {
        Assert.Equal(Enum.GetNames<MotionClass>().Select(name => name.ToUpperInvariant()), GeneratedVideo.ClassNames.Select(name => name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()));
        var (train, test) = GeneratedVideo.Split(seed: 1, trainCount: 110, testCount: 33);
        foreach (var source in new[] { train, test })
        {
            var counts = Enumerable.Range(0, source.Count).CountBy(source.Label).ToDictionary();
            Assert.Equal(11, counts.Count);
            Assert.All(counts.Values, count => Assert.Equal(source.Count / 11, count));
        }
    }

    [Fact]
    public void Describes_its_frames()
    {
        var source = new GeneratedVideo(seed: 1, count: 2);
        Assert.Equal([120, 160, 3], source.FrameShape);
        Assert.Equal(6, source.Steps);
        Assert.Equal(6, source.Length(1));
        Assert.Equal(FrameElement.UInt8, source.Element);
        Assert.Equal(6 * 120 * 160 * 3, source.Read(0, new byte[GeneratedVideo.ClipBytes + 5]).Length);
    }

    [Fact]
    public void Refuses_samples_and_scratch_out_of_range()
    {
        var source = new GeneratedVideo(seed: 1, count: 2);
        Assert.Contains("expected 0 to 1, found 2", Assert.Throws<ArgumentOutOfRangeException>(() => source.Label(2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(-1, new byte[GeneratedVideo.ClipBytes]));
        Assert.Contains("expected at least 345600 bytes, found 10", Assert.Throws<ArgumentException>(() => source.Read(0, new byte[10])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GeneratedVideo(seed: 1, count: 0));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var source = new GeneratedVideo(seed: 1, count: 20);
        var scratch = new byte[GeneratedVideo.ClipBytes];
        source.Read(0, scratch);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < source.Count; i++) source.Read(i, scratch);
        }));
    }

    [Fact]
    public void Light_is_the_same_in_vectors_and_one_by_one()
    {
        var values = Enumerable.Range(0, 256 + 13).Select(i => (byte)i).ToArray();
        var lit = new byte[values.Length];
        for (var light = 0; light <= Light.Maximum; light++)
        {
            Light.Apply(values, light, lit);
            for (var i = 0; i < values.Length; i++) Assert.Equal(Light.Of(values[i], light), lit[i]);
        }
    }

    [Fact]
    public void Sines_are_rounded_to_the_nearest_integer()
    {
        for (var angle = -BinaryAngle.Turn; angle <= BinaryAngle.Turn; angle++)
        {
            var x = angle * Math.Tau / BinaryAngle.Turn;
            Assert.Equal(Math.Sin(x) * BinaryAngle.One, BinaryAngle.Sin(angle), 0.5 + 1e-9);
            Assert.Equal(Math.Cos(x) * BinaryAngle.One, BinaryAngle.Cos(angle), 0.5 + 1e-9);
        }
    }

    [Fact]
    public void Random_numbers_are_the_Philox_stream_of_the_sample()
    {
        var random = new ClipRandom(seed: 5, sample: 1L << 33);
        var philox = new Philox(seed: 5, stream: 1L << 33);
        for (var i = 0; i < 20; i++) Assert.Equal(philox.NextUInt32(), random.Next());
    }

    private static byte[] Clip(GeneratedVideo source, int sample) => source.Read(sample, new byte[GeneratedVideo.ClipBytes]).ToArray();
}
