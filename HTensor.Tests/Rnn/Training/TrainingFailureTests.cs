using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

public sealed class TrainingFailureTests
{
    private static readonly SequenceSet Train = SmallTask.Set(23);

    [Fact]
    public void A_loss_that_is_not_finite_names_the_step_and_the_good_checkpoint_stays()
    {
        using var folder = new TempFolder();
        var options = SmallTask.Options with { CheckpointPath = folder.File("checkpoint"), BestModelPath = folder.File("best") };
        // Measured twice, trained once: the second epoch reads NaN from its second step on.
        var poisoned = new SequenceSet(new PoisonedSource(Train.Source, 3 * 23 + 7), Train.Samples);
        var exception = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(SmallTask.Model(), poisoned, null, options));
        Assert.Matches("^step 6: loss is NaN; all weights are finite, the largest, [0-9.]+, in [a-zA-Z0-9.,]+$", exception.Message);
        Assert.Equal("1", SafetensorsFile.Read(options.CheckpointPath).Metadata["training.epoch"]);
        Assert.NotNull(SequenceClassifier.Load(options.BestModelPath));

        // And it can be gone on from, to the bits of a run that never met the fault.
        var (unbroken, resumed) = (SmallTask.Model(), SmallTask.Model());
        Trainer.Fit(unbroken, Train, null, SmallTask.Options);
        Trainer.Fit(resumed, Train, null, options with { ResumeFrom = options.CheckpointPath });
        Assert.Equal(unbroken.Parameters.Sha256(), resumed.Parameters.Sha256());
    }

    [Fact]
    public void A_weight_that_is_not_finite_is_named()
    {
        using var folder = new TempFolder();
        var options = SmallTask.Options with { CheckpointPath = folder.File("checkpoint"), WarmupSteps = 0 };
        Trainer.Fit(SmallTask.Model(), Train, null, options);
        var before = File.ReadAllBytes(options.CheckpointPath);

        // More than a float holds: the first step leaves infinite weights, the second finds them.
        var exception = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(SmallTask.Model(), Train, null, options with { LearningRate = 1e300 }));
        Assert.StartsWith("step 2: loss is ", exception.Message);
        Assert.Contains("input.U0 is the first parameter whose weights are not finite", exception.Message);

        // In the last step of an epoch there is no later loss to tell, and still nothing is written.
        exception = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(SmallTask.Model(), Train, null, options with { LearningRate = 1e300, BatchSize = 23 }));
        Assert.StartsWith("step 1: the step left weights that are not finite; input.U0 is", exception.Message);
        using var reports = new Reports(_ => true);
        Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(SmallTask.Model(), Train, null, options with { LearningRate = 1e300 }, reports, reports.Cancellation));
        Assert.Equal(before, File.ReadAllBytes(options.CheckpointPath));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_names_its_parameter()
    {
        // Logits of up to 2e38 and a finite loss; where the prediction is wrong, the gradient of the first hidden unit is 4e38, beyond a float.
        var model = SmallTask.Model();
        var weights = model.Parameters["readout.W"].Values;
        weights.Clear();
        (weights[0], weights[1]) = (2e38f, -2e38f);
        var samples = new SequenceSet(Train.Source, new[] { 0, 1, 3, 4 });
        var exception = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(model, samples, null, SmallTask.Options with { BatchSize = 1, Dropout = 0 }));
        Assert.Matches("^step [1-4]: gradient's norm is NaN; input.U0 is the first parameter whose gradients are not finite$", exception.Message);

        // In a batch of all, each share is finite and only their squares are not.
        exception = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(model, samples, null, SmallTask.Options with { BatchSize = 4, Dropout = 0 }));
        Assert.Matches(@"^step 1: gradient's norm is Infinity; all gradients are finite, the largest, [0-9.]+E\+[0-9]+, in [a-zA-Z0-9.,]+$", exception.Message);
    }

    [Fact]
    public void What_cannot_be_trained_is_refused_before_it_starts()
    {
        var (model, options) = (SmallTask.Model(), SmallTask.Options);
        Refused(options with { Epochs = 0 }, "epochs: expected at least 1, found 0");
        Refused(options with { BatchSize = 0 }, "batch size: expected at least 1, found 0");
        Refused(options with { MaxThreads = 0 }, "threads: expected at least 1, found 0");
        Refused(options with { WarmupSteps = -1 }, "warm-up steps: expected at least 0, found -1");
        Refused(options with { LearningRate = 0 }, "learning rate: expected a finite number above 0, found 0");
        Refused(options with { LearningRate = double.NaN }, "learning rate: expected a finite number above 0, found NaN");
        Refused(options with { WeightDecay = double.PositiveInfinity }, "weight decay: expected a finite number of at least 0");
        Refused(options with { Dropout = 1 }, "dropout: expected a number from 0 to below 1, found 1");
        Refused(options with { CheckpointInterval = TimeSpan.FromSeconds(-1) }, "checkpoint interval in seconds: expected a number of at least 0, found -1");
        Refused(options with { ClassWeights = [1, 2] }, "class weights: expected one a class, 3, found 2");
        Refused(options with { ClassWeights = [1, 2, -1] }, "weight of class 2: expected a finite number of at least 0, found -1");
        Refused(options with { ClipNorm = -1 }, "clip norm: expected a number of at least 0, found -1");
        Equal("training samples: expected one or more, found none", new SequenceSet(Train.Source, default));
        Equal("training samples: expected 0 to 22, found 23", new SequenceSet(Train.Source, new[] { 0, 23 }));
        Equal("training sample 2: expected a label of 0 to 2, found 3", new SequenceSet(SmallTask.Source(5, extraLabel: 1), new[] { 0, 2 }));
        Equal("validation sample 2: expected a label of 0 to 2, found 3", Train, new SequenceSet(SmallTask.Source(5, extraLabel: 1), new[] { 0, 2 }));
        var wide = new SequenceSet(ArraySequenceSource.FromBytes(new byte[13], 1, [13], [0]), new[] { 0 });
        Equal("frames: expected 12 values, found [13], 13 values", wide);
        Equal("frames: expected 12 values, found [13], 13 values", Train, wide);

        void Refused(TrainingOptions wrong, string message) => Assert.Contains(message, Assert.Throws<ArgumentException>(() => Trainer.Fit(model, Train, null, wrong)).Message);
        void Equal(string message, SequenceSet train, SequenceSet? validation = null) =>
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => Trainer.Fit(model, train, validation, options)).Message);
    }

    [Fact]
    public void Files_that_cannot_be_written_are_known_before_the_first_step()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "none", "file");
        using var reports = new Reports();
        foreach (var options in new[] { SmallTask.Options with { CheckpointPath = path }, SmallTask.Options with { BestModelPath = path } })
        {
            var message = Assert.Throws<IOException>(() => Trainer.Fit(SmallTask.Model(), Train, null, options, reports)).Message;
            Assert.Equal($"{path}: cannot be written: no folder {Path.Combine(folder.Path, "none")}", message);
        }

        var model = SmallTask.Model(new NamelessFormat());
        Assert.Throws<NotSupportedException>(() => Trainer.Fit(model, Train, null, SmallTask.Options with { BestModelPath = folder.File("best") }, reports));
        Assert.Empty(reports.All);
    }

    /// <summary>Gives NaN instead of every sample after a number of reads; for one thread.</summary>
    private sealed class PoisonedSource(ISequenceSource source, int goodReads) : ISequenceSource
    {
        private int _reads;

        public int Count => source.Count;

        public int Steps => source.Steps;

        public IReadOnlyList<int> FrameShape => source.FrameShape;

        public FrameElement Element => source.Element;

        public int Length(int sample) => source.Length(sample);

        public int Label(int sample) => source.Label(sample);

        public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch)
        {
            var good = source.Read(sample, scratch);
            if (++_reads <= goodReads) return good;
            var bad = good.ToArray();
            BitConverter.TryWriteBytes(bad, float.NaN);
            return bad;
        }
    }

    /// <summary>A format of a program's own: it trains, but no file can name it.</summary>
    private sealed class NamelessFormat : IMatrixFormat
    {
        private readonly DenseFormat _dense = new();

        public string Name => "own";

        public string Settings => "";

        public ModePairing Pairing => _dense.Pairing;

        public MatrixNetwork Describe(MatrixModes modes) => _dense.Describe(modes);
    }
}
