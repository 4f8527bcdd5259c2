using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Sequences read window after window: states go on, gradients stop, a broken run resumes to the same bits.</summary>
public sealed class TruncationTests
{
    private const int Window = 3, Steps = 5;

    private static ModelOptions Plain => new() { InputModes = [2, 3, 2], HiddenModes = [2, 2, 3], Readout = Readout.Step, Classes = ["a", "b", "c"] };

    private static Dictionary<string, ModelOptions> Structures { get; } = new()
    {
        ["lstm"] = Plain with { InputWeights = WeightFormat.HierarchicalTucker(2, 3) },
        ["gru"] = Plain with { Cell = CellKind.Gru },
        ["gru, reset after"] = Plain with { Cell = CellKind.Gru, Reset = GruReset.After },
        ["rnn"] = Plain with { Cell = CellKind.Rnn },
        ["both matrices as one"] = Plain with { InputWeights = WeightFormat.TensorTrain(3), Coupling = WeightCoupling.Joint },
        ["three layers"] = Plain with { Layers = 3, RecurrentWeights = WeightFormat.TensorTrain(2), Front = FrontLayer.Dense(12) },
        ["regression"] = Plain with { Task = SequenceTask.Regression },
        ["notes"] = Plain with { Task = SequenceTask.NextNotes, Classes = [.. Enumerable.Range(0, 12).Select(note => $"{note}")] },
        ["symbols"] = Plain with { Task = SequenceTask.NextSymbol, Front = FrontLayer.Embedding(3), Layers = 2 },
    };

    public static TheoryData<string> Names => [.. Structures.Keys];

    private static TrainingOptions Options => SmallTask.Options with { RecurrentDropout = 0.2, Truncation = 2 };

    [Theory]
    [MemberData(nameof(Names))]
    public void Windows_compute_what_the_whole_does(string name)
    {
        var whole = Record(Structures[name], null, default);
        var windows = Record(Structures[name], Window, default);
        whole.Tape.Forward(ThreadTeam.Inline);
        var outputs = Structures[name].Classes.Count;
        var (expected, found, compared) = (new double[outputs], new double[outputs], 0);
        for (var window = 0; window < windows.Batch.Windows; window++)
        {
            windows.Batch.Show(window);
            windows.Tape.Forward(ThreadTeam.Inline);
            for (var sample = 0; sample < SmallBatch.Samples; sample++)
            {
                for (var step = 0; step < windows.Batch.Lengths[sample]; step++)
                {
                    whole.Head.Copy(sample, windows.Batch.FirstStep + step, expected);
                    windows.Head.Copy(sample, step, found);
                    for (var k = 0; k < outputs; k++) Assert.Equal(expected[k], found[k], 1e-12);
                    Assert.Equal(Label(whole, sample, windows.Batch.FirstStep + step), Label(windows, sample, step));
                    compared++;
                }
            }
        }

        Assert.Equal((2, Enumerable.Range(0, SmallBatch.Samples).Sum(Length)), (windows.Batch.Windows, compared));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_of_a_window_are_those_with_its_first_state_held(string name)
    {
        foreach (var dropout in new[] { default, new TrainingDropout(0.3, 0.3, 0, 5) })
        {
            var network = Record(Structures[name], Window, dropout);
            network.Tape.Forward(ThreadTeam.Inline);
            // Two of three steps: the pass leaves no state, so each of the check's passes goes on from the same.
            network.Batch.Show(1);
            foreach (var comparison in GradientCheck.Run(network.Tape, network.Loss))
            {
                Assert.NotEqual(0, comparison.Numeric);
                Assert.True(comparison.RelativeError < 1e-6, $"{name}, {dropout}: {comparison}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_broken_run_goes_on_to_the_same_bits_from_every_step(string name)
    {
        using var folder = new TempFolder();
        var (path, copies) = (folder.File("at"), new List<string>());
        var (train, validation) = (Set(Structures[name], 17), Set(Structures[name], 5));
        var whole = SequenceClassifier.Create(Structures[name], seed: 4);
        var options = Options with { Epochs = 2, MaxThreads = 2 };
        Trainer.Fit(whole, train, validation, options with { CheckpointPath = path, CheckpointInterval = TimeSpan.Zero }, new Copies(path, copies));
        // Three batches of three windows, and each epoch's end; nothing is saved yet at the first report.
        Assert.Equal(2 * (3 * 3 + 1) - 1, copies.Count);
        foreach (var copy in copies)
        {
            var resumed = SequenceClassifier.Create(Structures[name], seed: 9);
            Trainer.Fit(resumed, train, validation, options with { ResumeFrom = copy, MaxThreads = 1 });
            Assert.Equal(whole.Parameters.Sha256(), resumed.Parameters.Sha256());
        }
    }

    [Fact]
    public void A_checkpoint_of_other_windows_is_refused()
    {
        using var folder = new TempFolder();
        var path = folder.File("at");
        var (options, train) = (Structures["lstm"], Set(Structures["lstm"], 9));
        Trainer.Fit(SequenceClassifier.Create(options), train, null, Options with { CheckpointPath = path });
        foreach (var (other, part) in new[] { ((int?)3, "truncation: expected 3, found 2"), (null, "truncation: expected none, found 2") })
            Malformed.Refused(path, () => Trainer.Fit(SequenceClassifier.Create(options), train, null, Options with { Truncation = other, ResumeFrom = path }), part);
        var file = SafetensorsFile.Read(path);
        SafetensorsFile.Write(path, file.Tensors.Where(pair => pair.Key != "carried.0.cell").ToDictionary(), file.Metadata);
        Malformed.Refused(path, () => Trainer.Fit(SequenceClassifier.Create(options), train, null, Options with { ResumeFrom = path }), "expected tensor 'carried.0.cell'");
    }

    [Fact]
    public void What_a_window_cannot_be_cut_from_is_refused()
    {
        Refused(Plain with { Direction = Direction.Bidirectional }, 2, "truncation: expected a model that reads forward alone, found a bidirectional one, half of which begins at the end");
        Refused(Plain with { Readout = Readout.Last }, 2, "truncation: expected a prediction at every step, read-out step, found read-out last");
        Refused(Plain with { Readout = Readout.Mean }, 2, "truncation: expected a prediction at every step, read-out step, found read-out mean");
        Refused(Plain, 0, "truncation: expected at least 1, found 0");

        static void Refused(ModelOptions options, int steps, string message) =>
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => Trainer.Fit(SequenceClassifier.Create(options), SmallTask.Set(9), null, Options with { Truncation = steps })).Message);
    }

    /// <summary>AdamW's first step moves every weight by the learning rate, whatever its gradient.</summary>
    [Fact]
    public void A_window_moves_the_weights_by_the_part_of_it_that_is_predicted()
    {
        var (full, half) = (Moved(_ => 2), Moved(_ => 1));
        Assert.InRange(full, 1e-4, 1);
        Assert.Equal(full / 2, half, 1e-3 * full);

        static double Moved(Func<int, int> length)
        {
            SequenceClassifier model = SequenceClassifier.Create(Plain, seed: 4), before = SequenceClassifier.Create(Plain, seed: 4);
            var set = new SequenceSet(new NumberSource(4, Steps, 12, SequenceTask.Class, length), Enumerable.Range(0, 4).ToArray());
            Trainer.Fit(model, set, null, SmallTask.Options with { Epochs = 1, BatchSize = 4, Dropout = 0, WeightDecay = 0, Truncation = 2 });
            return model.Parameters.Values.ToArray().Zip(before.Parameters.Values.ToArray(), (a, b) => Math.Abs(a - b)).Max();
        }
    }

    [Fact]
    public void A_window_allocates_nothing()
    {
        var layout = new ClassifierLayout(Structures["symbols"]);
        var parameters = new ParameterSet<float>(layout.Parameters);
        ClassifierInitializer.Fill(layout, parameters, 1);
        var source = new NumberSource(SmallBatch.Samples, Steps, 1, SequenceTask.NextSymbol, Length);
        var batch = new LaneBatch<float>(source.Count, Steps, 1, FrameElement.Single, new FrameScaling([0], [1]), Window);
        var network = new ClassifierNetwork<float>(layout, parameters, batch, TapePurpose.Training, new TrainingDropout(0.2, 0.2, 0, 1), carried: new CarriedStates<float>(layout, batch.Groups));
        var step = new TrainingStep<float>(parameters, network, new AdamW<float>(parameters), 5);
        var samples = Enumerable.Range(0, source.Count).ToArray();
        Run();
        Run();
        Assert.Equal(0, Allocation.Of(Run));

        void Run()
        {
            batch.Load(source, samples, ThreadTeam.Inline);
            for (var window = 0; window < batch.Windows; window++)
            {
                batch.Show(window);
                step.Run(window, 1e-3, ThreadTeam.Inline);
            }
        }
    }

    /// <summary>After every 2 comes again what was before it, which a window of one step does not show: without a state three quarters can be right.</summary>
    [Fact]
    public void What_lies_before_a_window_is_used()
    {
        byte[] rows = new byte[32 * 41];
        for (var i = 0; i < rows.Length; i++) rows[i] = (byte)(i % 41 % 2 == 1 ? 2 : 3 + i / 41 % 2);
        StepSource.Stretch[] stretches = [.. Enumerable.Range(0, 32).Select(i => new StepSource.Stretch(i * 41, 41, 0))];
        var set = new SequenceSet(new StepSource(rows, FrameElement.UInt8, [1], stretches), Enumerable.Range(0, 32).ToArray());
        var options = Plain with { Task = SequenceTask.NextSymbol, Front = FrontLayer.Embedding(5), InputModes = [8], HiddenModes = [16], Classes = ["0", "1", "2", "3", "4"] };
        var model = SequenceClassifier.Create(options, seed: 4);
        Trainer.Fit(model, set, null, SmallTask.Options with { Epochs = 30, BatchSize = 32, Dropout = 0, Truncation = 1 });
        Assert.InRange(model.Evaluate(set).Accuracy, 0.9, 1);
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("three layers")]
    [InlineData("gru, reset after")]
    public void Evaluation_and_streams_carry_states_through_long_sequences(string name)
    {
        // More than two windows of an evaluation, lengths that end in each.
        const int steps = 600;
        var options = Structures[name];
        var source = new NumberSource(3, steps, 12, options.Task, sample => steps - 200 * sample - sample);
        var model = SequenceClassifier.Create(options, seed: 4);
        var set = new SequenceSet(source, new[] { 0, 1, 2 });
        var predicted = model.Predict(set);
        var probabilities = new float[3];
        for (var sample = 0; sample < 3; sample++)
        {
            var (stream, frames) = (model.CreateStream(), source.Read(sample, new byte[steps * 12 * sizeof(float)]));
            for (var step = 0; step < source.Length(sample); step++)
                stream.Step(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(frames.Span).Slice(step * 12, 12), probabilities);
            StreamTask.AssertNear(probabilities, predicted[(sample * 3)..(sample * 3 + 3)]);
        }

        var evaluation = model.Evaluate(set);
        Assert.Equal((3, 3), (evaluation.Count, evaluation.Labels.Count));
    }

    private static int Length(int sample) => sample < 16 ? 2 + sample % 4 : 5 - sample % 2;

    private static SequenceSet Set(ModelOptions options, int samples)
    {
        var frame = options.Front?.Kind == FrontKind.Embedding ? 1 : 12;
        return new SequenceSet(new NumberSource(samples, Steps, frame, options.Task, Length), Enumerable.Range(0, samples).ToArray());
    }

    private static int Label(ClassifierNetwork<double> network, int sample, int step) =>
        network.Head.Labels.Span[network.Head.UnitOf(sample, step) * LaneBlock.Width + sample % LaneBlock.Width];

    private static ClassifierNetwork<double> Record(ModelOptions options, int? window, TrainingDropout dropout)
    {
        var layout = new ClassifierLayout(options);
        var parameters = new ParameterSet<double>(layout.Parameters);
        ClassifierInitializer.Fill(layout, parameters, 3);
        var set = Set(layout.Options, SmallBatch.Samples);
        var batch = new LaneBatch<double>(set.Count, Steps, layout.FrameSize, FrameElement.Single, new FrameScaling([0], [1]), window);
        batch.Load(set.Source, set.Samples, ThreadTeam.Inline);
        var carried = window is null ? null : new CarriedStates<double>(layout, batch.Groups);
        return new ClassifierNetwork<double>(layout, parameters, batch, TapePurpose.Training, dropout, carried: carried) { Step = dropout.Rate > 0 ? 3 : null };
    }
}
