using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Frames moved and mirrored against an obvious loop; what a sample draws is its own whoever reads it.</summary>
public sealed class AugmentationTests
{
    private const int Samples = 9;
    private const int Steps = 5;

    [Theory]
    [InlineData(4, 5, 3)]
    [InlineData(3, 7, 1)]
    [InlineData(1, 6, 1)]
    [InlineData(2, 1, 2)]
    public void A_frame_moves_and_turns_as_an_obvious_loop_says(int height, int width, int channels)
    {
        int[] shape = channels > 1 ? [height, width, channels] : height > 1 ? [height, width] : [width];
        foreach (var element in (int[])[1, 4])
        {
            var source = new byte[height * width * channels * element];
            for (var i = 0; i < source.Length; i++) source[i] = (byte)(i + 1);
            var pixel = channels * element;
            var move = new FrameMove(shape, element);
            for (var down = -5; down <= 5; down++)
            {
                for (var right = -8; right <= 8; right++)
                {
                    foreach (var facing in Enum.GetValues<Facing>())
                    {
                        var found = new byte[source.Length + 2];
                        (found[0], found[^1]) = (0xAB, 0xCD);
                        move.Apply(source, found.AsSpan(1, source.Length), down, right, facing);
                        Assert.Equal((0xAB, 0xCD), (found[0], found[^1]));
                        for (var i = 0; i < source.Length; i++)
                        {
                            var (y, x, part) = (i / (width * pixel), i / pixel % width, i % pixel);
                            var from = facing == Facing.AsItIs ? x - right : width - 1 - (x - right);
                            var expected = source[(Math.Clamp(y - down, 0, height - 1) * width + Math.Clamp(from, 0, width - 1)) * pixel + part];
                            Assert.Equal(expected, found[i + 1]);
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void A_sample_of_an_epoch_is_the_same_in_any_order_and_another_in_each_epoch()
    {
        var augmentation = new Augmentation { Shift = 2, Flip = 0.5, Brightness = 0.5, TimeJitter = 1 };
        var (first, second) = (Augmented(augmentation), Augmented(augmentation));
        var seen = new HashSet<string>();
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            (first.Epoch, second.Epoch) = (epoch, epoch);
            var forward = Enumerable.Range(0, Samples).Select(sample => Read(first, sample)).ToArray();
            var backward = Enumerable.Range(0, Samples).Reverse().AsParallel().Select(sample => (sample, bytes: Read(second, sample))).ToDictionary(pair => pair.sample, pair => pair.bytes);
            for (var sample = 0; sample < Samples; sample++) Assert.Equal(forward[sample], backward[sample]);
            foreach (var bytes in forward) Assert.True(seen.Add(Convert.ToHexString(bytes)), $"epoch {epoch}");
        }
    }

    [Fact]
    public void Jitter_moves_frames_in_time_and_keeps_the_length()
    {
        var source = Augmented(new Augmentation { TimeJitter = 1 });
        var plain = Source();
        var moves = new HashSet<int>();
        for (source.Epoch = 1; source.Epoch <= 20; source.Epoch++)
        {
            for (var sample = 0; sample < Samples; sample++)
            {
                var (found, original, length) = (Read(source, sample), Read(plain, sample), plain.Length(sample));
                var frame = found.Length / Steps;
                var late = Enumerable.Range(-1, 3).Single(move => Enumerable.Range(0, length).All(step =>
                    found.AsSpan(step * frame, frame).SequenceEqual(original.AsSpan(Math.Clamp(step - move, 0, length - 1) * frame, frame))) && (length > 1 || move == 0));
                if (length > 1) moves.Add(late);
                Assert.DoesNotContain(found.AsSpan(length * frame).ToArray(), value => value != 0);
            }
        }

        Assert.Equal([-1, 0, 1], moves.Order());
    }

    [Fact]
    public void Brightness_adds_one_amount_to_a_sample_and_stays_in_a_byte()
    {
        var source = Augmented(new Augmentation { Brightness = 2 });
        var plain = Source();
        var amounts = new HashSet<int>();
        for (var sample = 0; sample < Samples; sample++)
        {
            var (found, original) = (Read(source, sample), Read(plain, sample));
            var used = plain.Length(sample) * found.Length / Steps;
            var inside = Enumerable.Range(0, used).Where(i => found[i] is > 0 and < 255).Select(i => (i % 3, found[i] - original[i])).ToHashSet();
            Assert.True(inside.GroupBy(pair => pair.Item1).All(channel => channel.Count() == 1), "one amount a channel");
            foreach (var (_, amount) in inside) amounts.Add(amount);
        }

        Assert.Contains(amounts, amount => amount > 30);
        Assert.Contains(amounts, amount => amount < -30);
        Assert.All(amounts, amount => Assert.InRange(amount, -140, 140));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refused(new Augmentation { Shift = -1 }, [4, 4], "shift: expected 0 or more, found -1");
        Refused(new Augmentation { Flip = 1.5 }, [4, 4], "flip: expected a number from 0 to 1, found 1.5");
        Refused(new Augmentation { Flip = 0.5 }, [4], "flip: expected frames [height, width] or [height, width, channels], found [4]");
        Refused(new Augmentation { Shift = 1 }, [2, 2, 2, 2], "shift: expected frames [values]");
        Refused(new Augmentation { Brightness = double.NaN }, [4], "brightness: expected a finite number");
        Refused(new Augmentation { TimeJitter = -2 }, [4], "time jitter: expected 0 or more, found -2");
        AugmentedSource.Require(new Augmentation { TimeJitter = 1, Brightness = 1 }, [2, 2, 2, 2]);

        static void Refused(Augmentation augmentation, int[] shape, string message) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => AugmentedSource.Require(augmentation, shape)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_deviation_of_differences_is_their_root_mean_square_in_bytes_and_in_floats()
    {
        var bytes = Source();
        var floats = ArraySequenceSource.FromFloats([.. Enumerable.Range(0, Samples).SelectMany(sample => Read(bytes, sample)).Select(value => (float)value)], Steps, bytes.FrameShape,
            new int[Samples], [.. Enumerable.Range(0, Samples).Select(bytes.Length)]);
        int[] samples = [.. Enumerable.Range(0, Samples)];
        var frame = 4 * 6 * 3;
        for (var channel = 0; channel < 3; channel++)
        {
            var differences = samples.SelectMany(sample => Enumerable.Range(frame, (bytes.Length(sample) - 1) * frame).Where(i => i % 3 == channel).Select(i => (double)Read(bytes, sample)[i] - Read(bytes, sample)[i - frame])).ToArray();
            var expected = Math.Sqrt(differences.Average(value => value * value));
            Assert.Equal(expected, DifferenceDeviation.Of(bytes, samples)![channel], 1e-10);
            Assert.Equal(expected, DifferenceDeviation.Of(floats, samples)![channel], 1e-10);
        }

        Assert.Null(DifferenceDeviation.Of(bytes, [0]));
    }

    private static AugmentedSource Augmented(Augmentation augmentation) => new(Source(), augmentation, [50, 60, 70], seed: 3);

    private static ArraySequenceSource Source()
    {
        var values = new byte[Samples * Steps * 4 * 6 * 3];
        var random = new Philox(5);
        for (var i = 0; i < values.Length; i++) values[i] = (byte)random.NextInt32(256);
        return ArraySequenceSource.FromBytes(values, Steps, [4, 6, 3], new int[Samples], [.. Enumerable.Range(0, Samples).Select(sample => 1 + sample % Steps)]);
    }

    private static byte[] Read(ISequenceSource source, int sample) => source.Read(sample, new byte[Steps * 4 * 6 * 3]).ToArray();
}
