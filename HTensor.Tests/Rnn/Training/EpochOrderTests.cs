using FsCheck.Fluent;
using FsCheck.Xunit;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Batches of similar lengths: every sample once, nearly no padding, the same bits after any resumption.</summary>
public sealed class EpochOrderTests
{
    private static readonly TrainingOptions Grouped = SmallTask.Options with { GroupByLength = true };

    [Property]
    public void Each_sample_is_read_once_and_full_batches_stay_full(int seed, byte samples, byte batch)
    {
        var (set, options) = (Set(samples + 1, 40), Grouped with { Seed = (ulong)(uint)seed, BatchSize = 1 + batch % 40 });
        Assert.Equal(Enumerable.Range(0, samples + 1), Order(set, options, 1).Order());
    }

    [Fact]
    public void Little_more_is_computed_than_the_samples_have()
    {
        var set = Set(16 * 40, 1000);
        var all = set.Samples.ToArray().Sum(set.Source.Length);
        Assert.InRange(Padded(Order(set, Grouped with { BatchSize = 16 }, 3)), all, all * 1.12);
        Assert.InRange(Padded(Order(set, Grouped with { BatchSize = 16, GroupByLength = false }, 3)), all * 1.6, all * 2.0);

        double Padded(int[] order) => order.Chunk(16).Sum(block => 16.0 * block.Max(set.Source.Length));
    }

    [Fact]
    public void Epochs_and_seeds_differ_and_lengths_do_not_rise_through_an_epoch()
    {
        var set = Set(16 * 40, 1000);
        var orders = new[] { (1UL, 1), (1UL, 2), (2UL, 1) }.Select(at => string.Join(' ', Order(set, Grouped with { Seed = at.Item1, BatchSize = 16 }, at.Item2)));
        Assert.Equal(3, orders.Distinct().Count());
        int[] firsts = [.. Order(set, Grouped with { BatchSize = 16 }, 1).Chunk(16).Select(block => set.Source.Length(block[0]))];
        Assert.InRange(firsts.Zip(firsts.Skip(1)).Count(pair => pair.First < pair.Second), firsts.Length / 4, firsts.Length * 3 / 4);
    }

    [Fact]
    public void A_run_goes_on_from_every_step_to_the_same_bits_and_another_order_is_refused()
    {
        using var folder = new TempFolder();
        var path = folder.File("checkpoint.safetensors");
        var copies = new List<string>();
        var (train, unbroken) = (SmallTask.Set(23), SmallTask.Model());
        Trainer.Fit(unbroken, train, null, Grouped with { CheckpointPath = path, CheckpointInterval = TimeSpan.Zero }, new Copies(path, copies));
        foreach (var copy in copies)
        {
            var resumed = SmallTask.Model();
            Trainer.Fit(resumed, train, null, Grouped with { ResumeFrom = copy, MaxThreads = 2 });
            Assert.Equal(unbroken.Parameters.Sha256(), resumed.Parameters.Sha256());
        }

        Malformed.Refused(path, () => Trainer.Fit(SmallTask.Model(), train, null, SmallTask.Options with { ResumeFrom = path }), "groupByLength: expected none, found 1");
    }

    private static int[] Order(SequenceSet set, TrainingOptions options, int epoch)
    {
        var order = new int[set.Count];
        EpochOrder.Fill(order, set, options, epoch);
        return order;
    }

    private static SequenceSet Set(int samples, int steps)
    {
        var random = new Philox(5);
        int[] lengths = [.. Enumerable.Range(0, samples).Select(_ => 1 + random.NextInt32(steps))];
        return new(ArraySequenceSource.FromBytes(new byte[samples * steps], steps, [1], new int[samples], lengths), Enumerable.Range(0, samples).ToArray());
    }
}
