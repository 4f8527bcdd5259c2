using HTensor.Autodiff;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Training of every cell, structure and task: it learns, its steps allocate nothing, it goes on after a checkpoint to the same bits.</summary>
public sealed class StructureTrainingTests
{
    public static TheoryData<string> Names => [.. Structures.Keys];

    private static ModelOptions Plain => new() { InputModes = [2, 3, 2], HiddenModes = [2, 2, 3], Classes = ["a", "b", "c"] };

    private static Dictionary<string, ModelOptions> Structures { get; } = new()
    {
        ["gru"] = Plain with { Cell = CellKind.Gru },
        ["gru, reset after"] = Plain with { Cell = CellKind.Gru, Reset = GruReset.After },
        ["rnn"] = Plain with { Cell = CellKind.Rnn },
        ["recurrent matrix in cores"] = Plain with { RecurrentWeights = WeightFormat.HierarchicalTucker(2, 3) },
        ["both matrices as one"] = Plain with { InputWeights = WeightFormat.TensorTrain(3), Coupling = WeightCoupling.Joint },
        ["stack in both directions"] = Plain with { Layers = 2, Direction = Direction.Bidirectional },
        ["class at every step"] = Plain with { Readout = Readout.Step, Front = FrontLayer.Dense(12) },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void It_learns(string name)
    {
        var model = SequenceClassifier.Create(Structures[name], seed: 4);
        Trainer.Fit(model, SmallTask.Set(96), null, SmallTask.Options with { Epochs = 20, RecurrentDropout = 0.1 });
        Assert.InRange(model.Evaluate(SmallTask.Set(60, seed: 2)).Accuracy, 0.75, 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_allocates_nothing(string name)
    {
        var layout = new ClassifierLayout(Structures[name]);
        var parameters = new ParameterSet<float>(layout.Parameters);
        ClassifierInitializer.Fill(layout, parameters, 1);
        var set = SmallTask.Set(20);
        var batch = new LaneBatch<float>(20, SmallTask.Steps, SmallTask.Frame, FrameElement.Single, new FrameScaling([0], [1]));
        var network = new ClassifierNetwork<float>(layout, parameters, batch, TapePurpose.Training, new TrainingDropout(0.2, 0.2, 0, 1));
        var step = new TrainingStep<float>(parameters, network, new AdamW<float>(parameters), 5);
        void Run() => step.Run(set.Source, set.Samples, 3, 1e-3, ThreadTeam.Inline);
        Run();
        Run();
        Assert.Equal(0, Allocation.Of(Run));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_that_was_broken_off_goes_on_to_the_same_bits(string name)
    {
        using var folder = new TempFolder();
        var options = SmallTask.Options with { RecurrentDropout = 0.2 };
        var whole = SequenceClassifier.Create(Structures[name], seed: 4);
        Trainer.Fit(whole, SmallTask.Set(30), SmallTask.Set(9, seed: 3), options);
        var broken = SequenceClassifier.Create(Structures[name], seed: 4);
        using var reports = new Reports(progress => progress is { Epoch: 2, Step: 3 });
        Assert.Throws<OperationCanceledException>(() =>
            Trainer.Fit(broken, SmallTask.Set(30), SmallTask.Set(9, seed: 3), options with { CheckpointPath = folder.File("at") }, reports, reports.Cancellation));
        var resumed = SequenceClassifier.Create(Structures[name], seed: 7);
        Trainer.Fit(resumed, SmallTask.Set(30), SmallTask.Set(9, seed: 3), options with { ResumeFrom = folder.File("at") });
        Assert.Equal(whole.Parameters.Sha256(), resumed.Parameters.Sha256());
    }

    [Fact]
    public void A_prediction_does_not_depend_on_the_samples_beside_it()
    {
        foreach (var options in Structures.Values)
        {
            var model = SequenceClassifier.Create(options, seed: 4);
            var all = model.Predict(SmallTask.Set(40));
            var one = model.Predict(new SequenceSet(SmallTask.Source(40), new[] { 33 }));
            Assert.Equal(all[(33 * 3)..(34 * 3)], one);
        }
    }

    [Fact]
    public void Numbers_are_learned()
    {
        var source = SmallTask.Source(96);
        float[] targets = [.. Enumerable.Range(0, 96).SelectMany(sample => new[] { sample % 3 - 1f, sample % 3 == 0 ? 2f : 0 })];
        var set = new SequenceSet(new TargetSource(source, targets, 2), Enumerable.Range(0, 96).ToArray());
        var model = SequenceClassifier.Create(Plain with { Task = SequenceTask.Regression, Classes = ["x", "y"] }, seed: 4);
        var before = model.Evaluate(set).Loss;
        Trainer.Fit(model, set, null, SmallTask.Options with { Epochs = 20, Dropout = 0 });
        var after = model.Evaluate(set);
        Assert.Equal(96, after.Count);
        Assert.InRange(after.Loss, 0, before / 10);
        var found = model.Predict(set);
        Assert.Equal(after.Loss, targets.Zip(found, (t, y) => (double)(t - y) * (t - y)).Sum() / 96, 1e-5);
    }

    [Fact]
    public void The_next_symbol_and_the_next_notes_are_learned()
    {
        // Symbols count upwards by one or, after a 0, by two: what comes next is certain.
        byte[] symbols = new byte[600];
        for (var i = 1; i < symbols.Length; i++) symbols[i] = (byte)((symbols[i - 1] + (symbols[i - 1] == 0 ? 2 : 1)) % 5);
        var windows = StepSource.Windows(0, 600, 12, 0).ToArray();
        var set = new SequenceSet(new StepSource(symbols, FrameElement.UInt8, [1], windows), Enumerable.Range(0, windows.Length).ToArray());
        var options = Plain with { Task = SequenceTask.NextSymbol, Front = FrontLayer.Embedding(5), InputModes = [8], HiddenModes = [8], Classes = ["0", "1", "2", "3", "4"], Cell = CellKind.Gru };
        var model = SequenceClassifier.Create(options, seed: 4);
        Trainer.Fit(model, set, null, SmallTask.Options with { Epochs = 12, Dropout = 0 });
        var evaluation = model.Evaluate(set);
        Assert.Equal((599, 1.0), (evaluation.Count, evaluation.Accuracy));
        Assert.InRange(evaluation.Loss, 0, 0.1);
        Assert.Equal(windows.Length * 13 * 5, model.Predict(set).Length);

        byte[] notes = [.. symbols.SelectMany(symbol => Enumerable.Range(0, 5).Select(note => (byte)(note == symbol ? 1 : 0)))];
        var music = new SequenceSet(new StepSource(notes, FrameElement.UInt8, [5], windows), set.Samples);
        var player = SequenceClassifier.Create(options with { Task = SequenceTask.NextNotes, Front = null, InputModes = [5] }, seed: 4);
        Trainer.Fit(player, music, null, SmallTask.Options with { Epochs = 12, Dropout = 0 });
        Assert.InRange(player.Evaluate(music).Loss, 0, 0.5);
    }

    [Fact]
    public void Data_that_the_task_cannot_use_is_refused()
    {
        var regression = SequenceClassifier.Create(Plain with { Task = SequenceTask.Regression, Classes = ["x"] });
        Refused(() => Trainer.Fit(regression, SmallTask.Set(9)), "training samples: expected 1 targets a sample, found none");
        var notes = SequenceClassifier.Create(Plain with { Task = SequenceTask.NextNotes });
        Refused(() => Trainer.Fit(notes, SmallTask.Set(9)), "training samples: expected frames of 3 values, one for each note, found [12]");

        static void Refused(Action fit, string message) => Assert.Equal(message, Assert.Throws<ArgumentException>(fit).Message);
    }
}
