using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

public sealed class LaneBatchTests
{
    private const int Steps = 3;
    private const int Frame = 6;
    private const int Count = 40;

    private static readonly FrameScaling Scaling = new([0.5f, 2, -1], [2, 0.5f, 3]);

    public static TheoryData<FrameElement> Elements => [FrameElement.UInt8, FrameElement.Single];

    [Theory]
    [MemberData(nameof(Elements))]
    public void Sample_s_is_lane_s_of_its_group_scaled_and_padded_by_zeros(FrameElement element)
    {
        var source = Source(element);
        var batch = Batch(element, 32);
        int[] samples = [.. Enumerable.Range(0, 19).Select(i => Count - 1 - 2 * i)];
        batch.Load(source, samples, ThreadTeam.Inline);
        Holds(batch, source, samples);
    }

    [Theory]
    [MemberData(nameof(Elements))]
    public void A_smaller_batch_after_a_larger_one_leaves_no_trace_of_it(FrameElement element)
    {
        var source = Source(element);
        var batch = Batch(element, 40);
        using var team = new ThreadTeam(2);
        batch.Load(source, Enumerable.Range(0, 40).ToArray(), team);
        int[] few = [7, 3];
        batch.Load(source, few, team);
        Holds(batch, source, few);
        batch.Load(source, Enumerable.Range(0, 40).ToArray(), team);
        Holds(batch, source, [.. Enumerable.Range(0, 40)]);
    }

    [Fact]
    public void Runs_of_features_may_begin_and_end_anywhere()
    {
        var batch = Batch(FrameElement.UInt8, 5);
        batch.Load(Source(FrameElement.UInt8), new[] { 4, 9, 1 }, ThreadTeam.Inline);
        var whole = new float[Frame * LaneBlock.Width];
        batch.Read(1, 0, Frame, whole);
        for (var first = 0; first < Frame; first++)
        {
            for (var count = 0; count <= Frame - first; count++)
            {
                var part = new float[count * LaneBlock.Width];
                batch.Read(1, first, count, part);
                Assert.Equal(whole.AsSpan(first * LaneBlock.Width, part.Length).ToArray(), part);
            }
        }
    }

    [Fact]
    public void Labels_can_be_forgotten()
    {
        var batch = Batch(FrameElement.UInt8, 4);
        batch.Load(Source(FrameElement.UInt8), new[] { 1, 2 }, ThreadTeam.Inline);
        batch.ForgetLabels();
        Assert.All(batch.Labels.ToArray(), label => Assert.Equal(-1, label));
        Assert.Equal(Length(1), batch.Lengths[0]);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var batch = Batch(FrameElement.UInt8, 2);
        Assert.Contains("at most 2 samples, found 3", Refusal(Source(FrameElement.UInt8), [0, 1, 2]));
        Assert.Contains("of UInt8, found 3 steps of 6 values of Single", Refusal(Source(FrameElement.Single), [0]));
        Assert.Contains("3 steps of 6 values", Refusal(ArraySequenceSource.FromBytes(new byte[14], 2, [7], [0]), [0]));
        Assert.Contains("found 4 steps", Refusal(ArraySequenceSource.FromBytes(new byte[24], 4, [6], [0]), [0]));

        string Refusal(ISequenceSource source, int[] samples) => Assert.Throws<ArgumentException>(() => batch.Load(source, samples, ThreadTeam.Inline)).Message;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_a_source_throws_comes_through_as_it_is_on_any_number_of_threads(int threads)
    {
        using var team = new ThreadTeam(threads);
        var batch = new LaneBatch<float>(4, 1, 1, FrameElement.UInt8, new FrameScaling([0], [1]));
        Assert.Equal("no clip 2", Assert.Throws<InvalidDataException>(() => batch.Load(new BrokenSource(), new[] { 0, 1, 2, 3 }, team)).Message);
    }

    private static int Length(int sample) => 1 + sample % Steps;

    private static LaneBatch<float> Batch(FrameElement element, int capacity) => new(capacity, Steps, Frame, element, Scaling);

    private static float Stored(int sample, int step, int feature) => (sample * 31 + step * 17 + feature * 7) % 251;

    private static ArraySequenceSource Source(FrameElement element)
    {
        int[] labels = [.. Enumerable.Range(0, Count).Select(sample => sample % 4)];
        int[] lengths = [.. Enumerable.Range(0, Count).Select(Length)];
        float[] values = [.. Enumerable.Range(0, Count * Steps * Frame).Select(i => Stored(i / (Steps * Frame), i / Frame % Steps, i % Frame))];
        return element == FrameElement.UInt8
            ? ArraySequenceSource.FromBytes(values.Select(value => (byte)value).ToArray(), Steps, [1, 2, 3], labels, lengths)
            : ArraySequenceSource.FromFloats(values, Steps, [1, 2, 3], labels, lengths);
    }

    private static void Holds(LaneBatch<float> batch, ArraySequenceSource source, int[] samples)
    {
        Assert.Equal(LaneBlock.Count(batch.Capacity), batch.Groups);
        for (var lane = 0; lane < batch.Groups * LaneBlock.Width; lane++)
        {
            Assert.Equal(lane < samples.Length ? source.Label(samples[lane]) : -1, batch.Labels.Span[lane]);
            Assert.Equal(lane < samples.Length ? Length(samples[lane]) : 0, batch.Lengths[lane]);
        }

        var blocks = new float[Frame * LaneBlock.Width];
        for (var unit = 0; unit < batch.Groups * Steps; unit++)
        {
            var (group, step) = (unit / Steps, unit % Steps);
            var longest = batch.Lengths.Slice(group * LaneBlock.Width, LaneBlock.Width).ToArray().Max();
            Assert.Equal(longest, batch.LongestLength(group));
            Assert.Equal(step < longest, batch.IsActive(unit));
            Array.Fill(blocks, float.NaN);
            batch.Read(unit, 0, Frame, blocks);
            for (var i = 0; i < blocks.Length; i++)
            {
                var (sample, feature) = (group * LaneBlock.Width + i % LaneBlock.Width, i / LaneBlock.Width);
                var there = sample < samples.Length && step < Length(samples[sample]);
                var expected = there ? (Stored(samples[sample], step, feature) - Scaling.Mean[feature % 3]) / Scaling.Deviation[feature % 3] : 0;
                Assert.Equal(expected, blocks[i], 1e-4f * Math.Abs(expected));
            }
        }
    }

    private sealed class BrokenSource : ISequenceSource
    {
        public int Count => 4;

        public int Steps => 1;

        public IReadOnlyList<int> FrameShape => [1];

        public FrameElement Element => FrameElement.UInt8;

        public int Length(int sample) => 1;

        public int Label(int sample) => 0;

        public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch) => sample == 2 ? throw new InvalidDataException("no clip 2") : scratch;
    }
}
