using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Augmentation, dropout of the input, label smoothing and averaged weights: their equations, the same bits on any threads and after any resumption.</summary>
public sealed class RegularizationTests
{
    private static readonly SequenceSet Train = SmallTask.Set(23);
    private static readonly SequenceSet Validation = SmallTask.Set(8, seed: 2);

    private static readonly TrainingOptions All = SmallTask.Options with
    {
        InputDropout = 0.2,
        RecurrentDropout = 0.1,
        LabelSmoothing = 0.1,
        WeightAveraging = 0.9,
        Augmentation = new() { Shift = 1, Brightness = 0.3, TimeJitter = 1 },
    };

    [Fact]
    public void Each_changes_the_weights_and_threads_do_not()
    {
        var plain = Hash(SmallTask.Options);
        TrainingOptions[] each =
        [
            SmallTask.Options with { InputDropout = 0.2 },
            SmallTask.Options with { LabelSmoothing = 0.1 },
            SmallTask.Options with { WeightAveraging = 0.9 },
            SmallTask.Options with { Augmentation = new() { Shift = 1 } },
            SmallTask.Options with { Augmentation = new() { Brightness = 0.3 } },
            SmallTask.Options with { Augmentation = new() { TimeJitter = 1 } },
        ];
        Assert.Equal(each.Length + 1, each.Select(Hash).Append(plain).Distinct().Count());
        foreach (var options in each.Append(All)) Assert.Equal(Hash(options), Hash(options with { MaxThreads = 3 }));
    }

    [Fact]
    public void A_run_with_all_of_them_goes_on_from_every_step_to_the_same_bits()
    {
        using var folder = new TempFolder();
        var path = folder.File("checkpoint.safetensors");
        var copies = new List<string>();
        var unbroken = Model();
        Trainer.Fit(unbroken, Train, Validation, All with { CheckpointPath = path, CheckpointInterval = TimeSpan.Zero }, new Copies(path, copies));
        Assert.Equal(4 * 4 + 4 - 1, copies.Count);
        foreach (var copy in copies)
        {
            var resumed = Model();
            Trainer.Fit(resumed, Train, Validation, All with { ResumeFrom = copy });
            Assert.Equal(unbroken.Parameters.Sha256(), resumed.Parameters.Sha256());
        }
    }

    [Fact]
    public void A_checkpoint_of_others_is_refused_by_name()
    {
        using var folder = new TempFolder();
        var path = folder.File("checkpoint");
        Trainer.Fit(Model(), Train, Validation, All with { CheckpointPath = path });
        var good = All with { ResumeFrom = path };
        Refused(good with { InputDropout = 0 }, "inputDropout: expected none, found 0.2");
        Refused(good with { LabelSmoothing = 0.2 }, "labelSmoothing: expected 0.2, found 0.1");
        Refused(good with { WeightAveraging = 0 }, "weightAveraging: expected none, found 0.9");
        Refused(good with { RecurrentDropout = 0 }, "recurrentDropout: expected none, found 0.1");
        Refused(good with { Augmentation = new() { Shift = 2 } }, "augmentation: expected shift 2, flip 0, brightness 0, time jitter 0, found shift 1, flip 0, brightness 0.3, time jitter 1");
        var file = SafetensorsFile.Read(path);
        var broken = folder.File("broken");
        SafetensorsFile.Write(broken, file.Tensors.Where(pair => pair.Key != "average.readout.bias").ToDictionary(), file.Metadata);
        Malformed.Refused(broken, () => Trainer.Fit(Model(), Train, Validation, All with { ResumeFrom = broken }), "'average.readout.bias'");

        void Refused(TrainingOptions options, string part) => Malformed.Refused(path, () => Trainer.Fit(Model(), Train, Validation, options), part);
    }

    [Fact]
    public void What_is_kept_is_the_average_of_the_weights_and_training_goes_on_from_the_weights()
    {
        var weights = new List<float[]>();
        var model = SmallTask.Model();
        var options = SmallTask.Options with { Epochs = 2, WeightAveraging = 0.5 };
        var expected = model.Parameters.Values.ToArray().Select(value => (double)value).ToArray();
        Trainer.Fit(model, Train, null, options, new Steps(report => weights.Add(model.Parameters.Values.ToArray())));
        for (var step = 1; step <= weights.Count; step++)
        {
            var kept = Math.Min(0.5, step / (step + 10.0));
            for (var i = 0; i < expected.Length; i++) expected[i] += (1 - kept) * (weights[step - 1][i] - expected[i]);
        }

        var found = model.Parameters.Values.ToArray();
        for (var i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 1e-5);
        var plain = new List<float[]>();
        var other = SmallTask.Model();
        Trainer.Fit(other, Train, null, options with { WeightAveraging = 0 }, new Steps(report => plain.Add(other.Parameters.Values.ToArray())));
        Assert.Equal(plain, weights);
    }

    [Fact]
    public void A_smoothed_loss_is_the_cross_entropy_with_the_mixed_label_and_its_gradient_is_right()
    {
        const int classes = 3, lanes = LaneBlock.Width;
        const double smoothing = 0.2;
        int[] labels = [.. Enumerable.Range(0, lanes).Select(lane => lane < 13 ? lane % classes : -1)];
        double[] weights = [0.5, 2, 1.25];
        var parameters = new ParameterSet<double>([new ParameterShape("logits", [1, classes, lanes])]);
        new Philox(7).FillNormal(parameters.Values, 1);
        var tape = new Tape<double>(parameters, TapePurpose.Training);
        var operation = new SoftmaxCrossEntropyLoss<double>("loss", labels) { ClassWeights = weights, LabelSmoothing = smoothing };
        var loss = tape.Record(operation, tape.Parameter("logits"));
        tape.Forward(ThreadTeam.Inline);
        var expected = Enumerable.Range(0, 13).Sum(lane => weights[labels[lane]] * Enumerable.Range(0, classes).Sum(k =>
            -((k == labels[lane] ? 1 - smoothing : 0) + smoothing / classes) * Math.Log(operation.Probabilities[k * lanes + lane]))) / 13;
        Assert.Equal(expected, loss.Value.Span[0], 1e-13);
        tape.Backward(loss, ThreadTeam.Inline);
        var gradient = tape.ParameterGradients.Span.ToArray();
        for (var i = 0; i < gradient.Length; i++)
        {
            var value = parameters.Values[i];
            parameters.Values[i] = value + 1e-6;
            tape.Forward(ThreadTeam.Inline);
            var above = loss.Value.Span[0];
            parameters.Values[i] = value - 1e-6;
            tape.Forward(ThreadTeam.Inline);
            parameters.Values[i] = value;
            Assert.Equal((above - loss.Value.Span[0]) / 2e-6, gradient[i], 1e-8);
        }
    }

    [Fact]
    public void A_model_of_differences_says_of_frames_what_another_says_of_their_differences()
    {
        var source = SmallTask.Source(7);
        var values = new float[7 * SmallTask.Steps * SmallTask.Frame];
        for (var sample = 0; sample < 7; sample++)
        {
            var frames = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(source.Read(sample, default).Span);
            for (var i = SmallTask.Frame; i < source.Length(sample) * SmallTask.Frame; i++)
                values[sample * SmallTask.Steps * SmallTask.Frame + i] = frames[i] - frames[i - SmallTask.Frame];
        }

        var differences = ArraySequenceSource.FromFloats(values, SmallTask.Steps, [SmallTask.Frame], new int[7], [.. Enumerable.Range(0, 7).Select(source.Length)]);
        var over = SequenceClassifier.Create(SmallTask.Model().Options with { StepInput = StepInput.Difference }, 4);
        var plain = SmallTask.Model();
        over.Scaling = new FrameScaling([0.7f], [1.5f]);
        plain.Scaling = new FrameScaling([0], [1.5f]);
        int[] all = [.. Enumerable.Range(0, 7)];
        var (expected, found) = (plain.Predict(new SequenceSet(differences, all)), over.Predict(new SequenceSet(source, all)));
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 1e-5f);
    }

    [Fact]
    public void What_does_not_suit_the_task_is_refused()
    {
        var notes = SequenceClassifier.Create(SmallTask.Model().Options with { Task = SequenceTask.NextNotes, Classes = [.. Enumerable.Range(0, SmallTask.Frame).Select(note => $"{note}")] });
        Refused(notes, SmallTask.Options with { Augmentation = new() { Shift = 1 } }, "augmentation: expected none for the task NextNotes");
        Refused(notes, SmallTask.Options with { LabelSmoothing = 0.1 }, "label smoothing: expected 0 for the task NextNotes");
        Refused(SmallTask.Model(), SmallTask.Options with { WeightAveraging = 1 }, "weight averaging: expected a number from 0 to below 1, found 1");
        Refused(SmallTask.Model(), SmallTask.Options with { InputDropout = -0.1 }, "input dropout: expected a number from 0 to below 1, found -0.1");
        Refused(SmallTask.Model(), SmallTask.Options with { Augmentation = new() { Flip = 0.5 } }, "flip: expected frames [height, width]");
        Assert.StartsWith("step input: expected frames where a layer stands in front", Assert.Throws<ArgumentException>(() =>
            SequenceClassifier.Create(SmallTask.Model().Options with { Front = FrontLayer.Dense(20), StepInput = StepInput.Difference })).Message, StringComparison.Ordinal);

        static void Refused(SequenceClassifier model, TrainingOptions options, string message) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Trainer.Fit(model, Train, null, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_file_keeps_what_its_steps_read()
    {
        using var folder = new TempFolder();
        var path = folder.File("model.safetensors");
        var model = SequenceClassifier.Create(SmallTask.Model().Options with { StepInput = StepInput.Difference });
        model.Save(path);
        Assert.Equal(StepInput.Difference, SequenceClassifier.Load(path).Options.StepInput);
        SmallTask.Model().Save(path);
        Assert.DoesNotContain("stepInput", SafetensorsFile.Read(path).Metadata["htensor"], StringComparison.Ordinal);
    }

    private static SequenceClassifier Model() => SequenceClassifier.Create(SmallTask.Model().Options with { StepInput = StepInput.Difference }, 4);

    private static string Hash(TrainingOptions options)
    {
        var model = SmallTask.Model();
        Trainer.Fit(model, Train, Validation, options);
        return model.Parameters.Sha256();
    }

    private sealed class Steps(Action<TrainingProgress> step) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Completed is null) step(value);
        }
    }

    /// <summary>Keeps what the checkpoint was at each report but the first, which comes before there is one.</summary>
    private sealed class Copies(string path, List<string> copies) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (!File.Exists(path)) return;
            copies.Add($"{path}.{copies.Count}");
            File.Copy(path, copies[^1]);
        }
    }
}
