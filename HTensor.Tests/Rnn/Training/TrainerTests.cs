using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

public sealed class TrainerTests
{
    [Theory]
    [InlineData("ht")]
    [InlineData("dense")]
    [InlineData("bt")]
    public void Weights_have_the_same_bits_on_any_number_of_threads(string format)
    {
        string Train(int threads)
        {
            var model = SmallTask.Model(format switch { "ht" => WeightFormat.HierarchicalTucker(2, 3), "bt" => WeightFormat.BlockTerm(2, 2), _ => WeightFormat.Dense }, Readout.Mean);
            Trainer.Fit(model, SmallTask.Set(41), SmallTask.Set(10, seed: 2), SmallTask.Options with { BatchSize = 20, Epochs = 7, MaxThreads = threads });
            return model.Parameters.Sha256();
        }

        var expected = Train(1);
        Assert.Equal(expected, Train(2));
        Assert.Equal(expected, Train(4));
    }

    [Fact]
    public void A_model_learns()
    {
        var model = SmallTask.Model();
        var before = model.Evaluate(SmallTask.Set(60, seed: 9));
        var history = Trainer.Fit(model, SmallTask.Set(60), SmallTask.Set(30, seed: 2), SmallTask.Options with { Epochs = 12 });
        var after = model.Evaluate(SmallTask.Set(60, seed: 9));
        Assert.True(before.Accuracy < 0.6, $"before: {before.Accuracy}");
        Assert.True(after.Accuracy > 0.85, $"after: {after.Accuracy}");
        Assert.True(history.Epochs[^1].TrainLoss < 0.5 * history.Epochs[0].TrainLoss);
    }

    [Fact]
    public void Training_on_keeps_the_scaling_of_the_weights()
    {
        var model = SmallTask.Model();
        Trainer.Fit(model, SmallTask.Set(40), null, SmallTask.Options);
        var (mean, other) = (model.Scaling.Mean[0], FrameScaling.Measure(SmallTask.Source(40, seed: 8), Enumerable.Range(0, 40).ToArray()));
        Assert.NotEqual(mean, other.Mean[0]);
        Trainer.Fit(model, SmallTask.Set(40, seed: 8), null, SmallTask.Options);
        Assert.Equal(mean, model.Scaling.Mean[0]);
        var fresh = SmallTask.Model();
        Trainer.Fit(fresh, SmallTask.Set(40, seed: 8), null, SmallTask.Options);
        Assert.Equal(other.Mean[0], fresh.Scaling.Mean[0]);
    }

    [Fact]
    public void A_model_starts_from_the_layers_of_another()
    {
        var states = SequenceClassifier.Create(SmallTask.Model().Options with { Task = SequenceTask.States, Classes = [] }, seed: 9);
        var model = SmallTask.Model();
        var readout = model.Parameters["readout.W"].Values.ToArray();
        model.StartFrom(states);
        foreach (var parameter in states.Parameters.Items) Assert.Equal(parameter.Values.ToArray(), model.Parameters[parameter.Name].Values.ToArray());
        Assert.Equal(readout, model.Parameters["readout.W"].Values.ToArray());
        Assert.Contains("model to start from: expected input.U0 [2, 8, 2], found none", Assert.Throws<ArgumentException>(() => model.StartFrom(SmallTask.Model(WeightFormat.Dense))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dropout_seed_and_shuffle_seed_change_the_weights()
    {
        string Train(TrainingOptions options)
        {
            var model = SmallTask.Model();
            Trainer.Fit(model, SmallTask.Set(20), null, options);
            return model.Parameters.Sha256();
        }

        var hashes = new[] { SmallTask.Options, SmallTask.Options with { Seed = 2 }, SmallTask.Options with { Dropout = 0 }, SmallTask.Options with { Seed = 2, Dropout = 0 } }.Select(Train).ToArray();
        Assert.Equal(4, hashes.Distinct().Count());
        Assert.Equal(hashes[0], Train(SmallTask.Options));
    }

    [Fact]
    public void The_model_has_the_weights_of_its_best_epoch_and_their_figures()
    {
        using var folder = new TempFolder();
        var (best, last) = (folder.File("best.safetensors"), folder.File("last.safetensors"));
        var (model, validation) = (SmallTask.Model(), SmallTask.Set(37, seed: 2));
        // So fast that it gets worse again.
        var history = Trainer.Fit(model, SmallTask.Set(23), validation, SmallTask.Options with { Epochs = 12, LearningRate = 0.3, BestModelPath = best, CheckpointPath = last });
        var expected = history.Epochs.OrderByDescending(epoch => epoch.ValidationAccuracy).ThenBy(epoch => epoch.ValidationLoss).First();
        Assert.Equal(expected.Epoch, history.BestEpoch);
        Assert.NotEqual(12, history.BestEpoch);
        var evaluation = model.Evaluate(validation, threads: 2);
        Assert.Equal(expected.ValidationAccuracy, evaluation.Accuracy);
        Assert.Equal(expected.ValidationLoss, evaluation.Loss);
        Assert.Equal(model.Parameters.Sha256(), SequenceClassifier.Load(best).Parameters.Sha256());
        var (lastModel, lastEpoch) = (SequenceClassifier.Load(last), history.Epochs[^1]);
        Assert.Equal(lastEpoch.ValidationLoss, lastModel.Evaluate(validation).Loss);
        Assert.NotEqual(model.Parameters.Sha256(), lastModel.Parameters.Sha256());
    }

    [Fact]
    public void Without_validation_the_last_epoch_is_the_best()
    {
        var (none, empty) = (SmallTask.Model(), SmallTask.Model());
        var history = Trainer.Fit(none, SmallTask.Set(20), null, SmallTask.Options);
        var other = Trainer.Fit(empty, SmallTask.Set(20), new SequenceSet(SmallTask.Source(3), default), SmallTask.Options);
        Assert.Equal(4, history.BestEpoch);
        Assert.Equal([1, 2, 3, 4], history.Epochs.Select(epoch => epoch.Epoch));
        Assert.All(history.Epochs, epoch => Assert.True(epoch.ValidationLoss is null && epoch.ValidationAccuracy is null));
        Assert.Equal(history.Epochs.Select(epoch => epoch.TrainLoss), other.Epochs.Select(epoch => epoch.TrainLoss));
        Assert.Equal(none.Parameters.Sha256(), empty.Parameters.Sha256());
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_all_of_it()
    {
        string Train(int batchSize)
        {
            var (model, reports) = (SmallTask.Model(), new Reports());
            using (reports) Trainer.Fit(model, SmallTask.Set(10), SmallTask.Set(3, seed: 2), SmallTask.Options with { BatchSize = batchSize }, reports);
            Assert.All(reports.All, report => Assert.Equal((1, 1), (report.Step, report.Steps)));
            return model.Parameters.Sha256();
        }

        var expected = Train(10);
        Assert.Equal(expected, Train(11));
        Assert.Equal(expected, Train(int.MaxValue));
    }

    [Fact]
    public void Reports_come_in_order_and_the_last_step_takes_what_is_left()
    {
        using var reports = new Reports();
        // 23 samples in sevens: three steps of 7 and one of 2.
        var history = Trainer.Fit(SmallTask.Model(), SmallTask.Set(23), SmallTask.Set(5, seed: 2), SmallTask.Options with { Epochs = 2 }, reports);
        Assert.Equal(
            [(1, 1, false), (1, 2, false), (1, 3, false), (1, 4, false), (1, 4, true), (2, 1, false), (2, 2, false), (2, 3, false), (2, 4, false), (2, 4, true)],
            reports.All.Select(report => (report.Epoch, report.Step, report.Completed is not null)));
        Assert.All(reports.All, report => Assert.Equal((2, 4), (report.Epochs, report.Steps)));
        Assert.All(reports.All, report => Assert.True(report.Loss is > 0 and < 5));
        Assert.Equal(history.Epochs, reports.All.Where(report => report.Completed is not null).Select(report => report.Completed!));
        Assert.Equal(reports.All[3].Loss, history.Epochs[0].TrainLoss);
        Assert.True(history.MillisecondsPerStep > 0);
        Assert.True(history.Seconds > 0);
    }

    [Fact]
    public void Every_sample_is_seen_once_an_epoch_in_another_order()
    {
        var counting = new CountingSource(SmallTask.Source(23));
        Trainer.Fit(SmallTask.Model(), new SequenceSet(counting, Enumerable.Range(0, 23).ToArray()), null, SmallTask.Options with { Epochs = 2 });
        // Floats are measured in two passes first.
        var trained = counting.Reads.Skip(2 * 23).ToArray();
        Assert.Equal(2 * 23, trained.Length);
        Assert.Equal(Enumerable.Range(0, 23), trained[..23].Order());
        Assert.Equal(Enumerable.Range(0, 23), trained[23..].Order());
        Assert.NotEqual(trained[..23], trained[23..]);
        Assert.NotEqual(Enumerable.Range(0, 23), trained[..23]);
    }

    [Fact]
    public void Median_step_times_leave_the_first_ten_out()
    {
        Assert.Equal(0, new StepTimes(5).MedianMilliseconds);
        Assert.Equal(2, Times(3, 1, 2).MedianMilliseconds);
        Assert.Equal(2.5, Times([.. Enumerable.Repeat(100.0, 10), 4, 1, 3, 2]).MedianMilliseconds);

        var long1 = new StepTimes(long.MaxValue);
        for (var i = 0; i < StepTimes.Most + 5; i++) long1.Add(TimeSpan.FromMilliseconds(7));
        Assert.Equal(7, long1.MedianMilliseconds);

        static StepTimes Times(params double[] milliseconds)
        {
            var times = new StepTimes(milliseconds.Length);
            foreach (var time in milliseconds) times.Add(TimeSpan.FromMilliseconds(time));
            return times;
        }
    }

    /// <summary>Keeps the order in which samples are read; for one thread.</summary>
    private sealed class CountingSource(ISequenceSource source) : ISequenceSource
    {
        public List<int> Reads { get; } = [];

        public int Count => source.Count;

        public int Steps => source.Steps;

        public IReadOnlyList<int> FrameShape => source.FrameShape;

        public FrameElement Element => source.Element;

        public int Length(int sample) => source.Length(sample);

        public int Label(int sample) => source.Label(sample);

        public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch)
        {
            Reads.Add(sample);
            return source.Read(sample, scratch);
        }
    }

    [Fact]
    public void What_is_kept_between_the_passes_does_not_change_bits()
    {
        var hashes = new[] { 0L, long.MaxValue }.Select(bytes =>
        {
            var model = SmallTask.Model();
            Trainer.Fit(model, SmallTask.Set(41), null, SmallTask.Options with { Epochs = 2, KeptActivationBytes = bytes });
            return model.Parameters.Sha256();
        });
        Assert.Single(hashes.Distinct());
        Assert.Equal("kept activation bytes: expected at least 0, found -1",
            Assert.Throws<ArgumentException>(() => Trainer.Fit(SmallTask.Model(), SmallTask.Set(5), null, SmallTask.Options with { KeptActivationBytes = -1 })).Message);
    }
}
