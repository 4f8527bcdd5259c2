using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>A training that is broken off and goes on has the bits of one that never was; a checkpoint of anything else is refused.</summary>
public sealed class ResumeTests
{
    private static readonly SequenceSet Train = SmallTask.Set(23);
    private static readonly SequenceSet Validation = SmallTask.Set(8, seed: 2);

    public static TheoryData<string> Places => ["first step", "in an epoch", "last step of an epoch", "end of an epoch", "last step of all"];

    [Theory]
    [MemberData(nameof(Places))]
    public void Goes_on_to_the_same_bits(string place)
    {
        using var folder = new TempFolder();
        var path = folder.File("checkpoint.safetensors");
        var unbroken = SmallTask.Model();
        var expected = Trainer.Fit(unbroken, Train, Validation, SmallTask.Options);

        using var reports = new Reports(report => place switch
        {
            "first step" => report is { Epoch: 1, Step: 1 },
            "in an epoch" => report is { Epoch: 2, Step: 3 },
            "last step of an epoch" => report is { Epoch: 2, Step: 4, Completed: null },
            "end of an epoch" => report is { Epoch: 2, Completed: not null },
            _ => report is { Epoch: 4, Step: 4, Completed: null },
        });
        var options = SmallTask.Options with { CheckpointPath = path };
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Fit(SmallTask.Model(), Train, Validation, options, reports, reports.Cancellation));
        Assert.NotNull(SequenceClassifier.Load(path));

        var resumed = SequenceClassifier.Create(SmallTask.Model().Options, seed: 99);
        using var after = new Reports();
        var history = Trainer.Fit(resumed, Train, Validation, options with { ResumeFrom = path, MaxThreads = 2 }, after);
        Assert.Equal(unbroken.Parameters.Sha256(), resumed.Parameters.Sha256());
        Assert.Equal(unbroken.Scaling.Mean, resumed.Scaling.Mean);
        Assert.Equal(expected.BestEpoch, history.BestEpoch);
        Assert.Equal(expected.Epochs.TakeLast(history.Epochs.Count).Select(Figures), history.Epochs.Select(Figures));
        Assert.Equal(4 * 4 + 4, reports.All.Count + after.All.Count);
    }

    [Fact]
    public void Goes_on_from_the_checkpoint_of_every_step()
    {
        using var folder = new TempFolder();
        var path = folder.File("checkpoint.safetensors");
        var unbroken = SmallTask.Model();
        var copies = new List<string>();
        var options = SmallTask.Options with { CheckpointPath = path, CheckpointInterval = TimeSpan.Zero };
        Trainer.Fit(unbroken, Train, Validation, options, new Copies(path, copies));
        Assert.Equal(4 * 4 + 4 - 1, copies.Count);
        var metadata = copies.Select(copy => SafetensorsFile.Read(copy).Metadata).ToArray();
        Assert.Equal(4 * 4 - 1, metadata.Select(values => values["training.step"]).Distinct().Count());
        foreach (var copy in copies)
        {
            var resumed = SmallTask.Model();
            Trainer.Fit(resumed, Train, Validation, SmallTask.Options with { ResumeFrom = copy });
            Assert.Equal(unbroken.Parameters.Sha256(), resumed.Parameters.Sha256());
        }
    }

    [Fact]
    public void Without_validation_or_dropout_too()
    {
        using var folder = new TempFolder();
        var options = SmallTask.Options with { Dropout = 0, CheckpointPath = folder.File("checkpoint") };
        var unbroken = SmallTask.Model(WeightFormat.Dense);
        Trainer.Fit(unbroken, Train, null, options);
        var model = SmallTask.Model(WeightFormat.Dense);
        using var reports = new Reports(report => report is { Epoch: 3, Step: 2 });
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Fit(model, Train, null, options, reports, reports.Cancellation));
        // The same model goes on.
        Trainer.Fit(model, Train, null, options with { ResumeFrom = options.CheckpointPath });
        Assert.Equal(unbroken.Parameters.Sha256(), model.Parameters.Sha256());
    }

    [Fact]
    public void A_training_that_is_done_gives_its_best_again()
    {
        using var folder = new TempFolder();
        var options = SmallTask.Options with { CheckpointPath = folder.File("checkpoint") };
        var (model, again) = (SmallTask.Model(), SmallTask.Model());
        var history = Trainer.Fit(model, Train, Validation, options);
        var nothing = Trainer.Fit(again, Train, Validation, options with { ResumeFrom = options.CheckpointPath });
        Assert.Empty(nothing.Epochs);
        Assert.Equal(history.BestEpoch, nothing.BestEpoch);
        Assert.Equal(model.Parameters.Sha256(), again.Parameters.Sha256());
    }

    [Fact]
    public void Cancelled_before_the_first_step_it_writes_where_it_stands()
    {
        using var folder = new TempFolder();
        var options = SmallTask.Options with { CheckpointPath = folder.File("checkpoint") };
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Fit(SmallTask.Model(), Train, Validation, options, null, new CancellationToken(canceled: true)));
        var (unbroken, resumed) = (SmallTask.Model(), SmallTask.Model());
        Trainer.Fit(unbroken, Train, Validation, SmallTask.Options);
        Trainer.Fit(resumed, Train, Validation, options with { ResumeFrom = options.CheckpointPath });
        Assert.Equal(unbroken.Parameters.Sha256(), resumed.Parameters.Sha256());
    }

    [Fact]
    public void Other_options_data_or_models_are_refused_in_one_line()
    {
        using var folder = new TempFolder();
        var path = folder.File("checkpoint");
        Trainer.Fit(SmallTask.Model(), Train, Validation, SmallTask.Options with { CheckpointPath = path });
        var good = SmallTask.Options with { ResumeFrom = path };
        Refused(good with { BatchSize = 8 }, "batchSize: expected 8, found 7");
        Refused(good with { Epochs = 5 }, "epochs: expected 5, found 4");
        Refused(good with { LearningRate = 0.1 }, "learningRate: expected 0.1, found 0.02");
        Refused(good with { Seed = 2 }, "seed: expected 2, found 1");
        Refused(good with { Dropout = 0 }, "dropout: expected 0, found 0.2");
        Refused(good with { ClassWeights = [1, 2, 1] }, "training.classWeights");
        Refused(good with { ClipNorm = 1 }, "clipNorm: expected 1, found 5");
        Refused(good with { WeightDecay = 1 }, "weightDecay: expected 1,");
        Refused(good with { WarmupSteps = 1 }, "warmupSteps: expected 1, found 3");
        Malformed.Refused(path, () => Trainer.Fit(SmallTask.Model(), SmallTask.Set(22), Validation, good), "samples: expected 22, found 23");
        Malformed.Refused(path, () => Trainer.Fit(SmallTask.Model(), Train, null, good), "validationSamples: expected 0, found 8");
        Malformed.Refused(path, () => Trainer.Fit(SmallTask.Model(WeightFormat.TensorTrain(2)), Train, Validation, good), "another model", "\"tt\"", "\"ht\"");

        void Refused(TrainingOptions options, string part) => Malformed.Refused(path, () => Trainer.Fit(SmallTask.Model(), Train, Validation, options), part);
    }

    [Fact]
    public void A_checkpoint_that_is_none_or_broken_is_refused_and_leaves_the_model_as_it_was()
    {
        using var folder = new TempFolder();
        var (path, broken, plain) = (folder.File("checkpoint"), folder.File("broken"), folder.File("model"));
        var trained = SmallTask.Model();
        Trainer.Fit(trained, Train, Validation, SmallTask.Options with { CheckpointPath = path });
        trained.Save(plain);
        var model = SmallTask.Model();
        var before = model.Parameters.Sha256();
        var file = SafetensorsFile.Read(path);
        Refused(plain, "training.samples");
        Rewritten("training.step", "-1", "training.step: expected a whole number from 16 to 16, found '-1'");
        Rewritten("training.step", "15", "from 16 to 16, found '15'");
        Rewritten("training.epoch", "1000000000000", "training.epoch: expected a whole number from 0 to 4");
        Rewritten("training.lossSum", "NaN", "training.lossSum: expected a finite number, found 'NaN'");
        Rewritten("training.bestEpoch", null, "training.bestEpoch");
        foreach (var name in (string[])["best.readout.bias", "optimizer.secondMoment", "readout.bias"])
        {
            SafetensorsFile.Write(broken, file.Tensors.Where(pair => pair.Key != name).ToDictionary(), file.Metadata);
            Refused(broken, $"'{name}'");
        }

        Assert.Throws<FileNotFoundException>(() => Trainer.Fit(model, Train, Validation, SmallTask.Options with { ResumeFrom = folder.File("none") }));
        Assert.Equal(before, model.Parameters.Sha256());

        void Rewritten(string key, string? value, string part)
        {
            var metadata = file.Metadata.ToDictionary();
            if (value is null) metadata.Remove(key);
            else metadata[key] = value;
            SafetensorsFile.Write(broken, file.Tensors, metadata);
            Refused(broken, part);
        }

        void Refused(string found, string part) => Malformed.Refused(found, () => Trainer.Fit(model, Train, Validation, SmallTask.Options with { ResumeFrom = found }), part);
    }

    private static (int, double, double?, double?) Figures(EpochResult epoch) => (epoch.Epoch, epoch.TrainLoss, epoch.ValidationLoss, epoch.ValidationAccuracy);

    /// <summary>Keeps what the checkpoint was at each report but the first, which comes before there is one.</summary>
}
