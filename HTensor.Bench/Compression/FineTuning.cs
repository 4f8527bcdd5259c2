using System.Globalization;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>
/// A dense LSTM trained on spoken digits, compressed to a twentieth of its cell's parameters, trained on for a few epochs; beside it the same format from a fresh start.
/// How it is trained on was chosen on a part of the training samples (<see cref="Choice"/>); the test samples are read for the table alone.
/// </summary>
internal static class FineTuning
{
    private const int Hidden = 128;
    private const int DenseEpochs = 8;
    private const double Ratio = 20;

    /// <summary>Of the training samples, to choose by; and what cuts it off.</summary>
    private const double ValidationPart = 0.15;
    private const ulong ValidationSeed = 77;

    private static readonly TrainingOptions Chosen = new() { Epochs = 8, LearningRate = 1.5e-2, Dropout = 0.2, MaxThreads = 1 };

    /// <summary>The defaults, then one or two changes at a time.</summary>
    private static readonly TrainingOptions[] Tried =
    [
        new() { Epochs = 5, MaxThreads = 1 },
        Chosen with { Epochs = 5 }, Chosen, Chosen with { Epochs = 10 }, Chosen with { Epochs = 10, LearningRate = 1e-2 }, Chosen with { Epochs = 10, LearningRate = 1e-2, BatchSize = 8 },
        Chosen with { Epochs = 10, LearningRate = 2e-2 }, Chosen with { Epochs = 10, Dropout = 0 }, Chosen with { Epochs = 10, InputDropout = 0.1 }, Chosen with { Epochs = 10, WeightDecay = 0.2 },
        Chosen with { Epochs = 10, ClipNorm = 1 }, Chosen with { Epochs = 10, LabelSmoothing = 0.1 }, Chosen with { Epochs = 10, WeightAveraging = 0.99 },
    ];

    /// <summary>The settings that were tried, on validation samples cut off the training ones.</summary>
    public static string[] Choice(string path, ulong[] seeds)
    {
        var data = SequenceData.Load(path).SplitValidation(ValidationPart, ValidationSeed);
        List<string> lines =
        [
            $"Settings of training on, judged by {data.ValidationIndices.Length} samples cut off the training ones, means of {seeds.Length} seeds, %.", "",
            "| epochs | learning rate | batch | dropout | of inputs | weight decay | clip | smoothing | averaging | dense | compressed | trained on |", "|---|---|---|---|---|---|---|---|---|---|---|---|",
        ];
        var starts = seeds.Select(seed => Start(data, seed)).ToArray();
        var (dense, before) = (starts.Average(start => Accuracy(start.Dense, data.Validation)), starts.Average(start => Accuracy(start.Compressed, data.Validation)));
        foreach (var options in Tried)
        {
            var after = seeds.Zip(starts).Average(pair =>
            {
                var model = Copy(pair.Second.Compressed);
                Trainer.Fit(model, data.Train, null, options with { Seed = pair.First });
                return Accuracy(model, data.Validation);
            });
            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"| {options.Epochs} | {options.LearningRate} | {options.BatchSize} | {options.Dropout} | {options.InputDropout} | {options.WeightDecay} | {options.ClipNorm} | {options.LabelSmoothing} | {options.WeightAveraging} | {dense:F1} | {before:F1} | {after:F1} |"));
            Console.WriteLine(lines[^1]);
        }

        return [.. lines];
    }

    public static string[] Lines(string path, ulong[] seeds)
    {
        var data = SequenceData.Load(path);
        List<string> lines =
        [
            $"An LSTM 64 -> {Hidden}, dense, {DenseEpochs} epochs; W and U as one into hierarchical Tucker of 1 / {Ratio} of the cell's parameters (W, U and biases), weighted by the training samples, {Chosen.Epochs} epochs more;",
            $"the same format from a fresh start, {Chosen.Epochs} and {DenseEpochs + Chosen.Epochs} epochs with the same settings. Accuracy on the {data.TestIndices.Length} test samples, %.", "",
            $"| seed | cell parameters | dense | compressed | trained on | fresh, {Chosen.Epochs} epochs | fresh, {DenseEpochs + Chosen.Epochs} epochs |", "|---|---|---|---|---|---|---|",
        ];
        var all = new List<double[]>();
        foreach (var seed in seeds)
        {
            var (parameters, accuracies) = Seed(data, seed);
            all.Add(accuracies);
            lines.Add(Row($"{seed}", parameters, accuracies));
            Console.WriteLine(lines[^1]);
        }

        lines.Add(Row($"mean of {seeds.Length}", "", [.. Enumerable.Range(0, all[0].Length).Select(i => all.Average(row => row[i]))]));
        Console.WriteLine(lines[^1]);
        return [.. lines];
    }

    private static (string Parameters, double[] Accuracies) Seed(SequenceData data, ulong seed)
    {
        var (dense, compressed) = Start(data, seed);
        var (model, fresh, longer) = (Copy(compressed), SequenceClassifier.Create(compressed.Options, seed), SequenceClassifier.Create(compressed.Options, seed));
        Trainer.Fit(model, data.Train, null, Chosen with { Seed = seed });
        Trainer.Fit(fresh, data.Train, null, Chosen with { Seed = seed });
        Trainer.Fit(longer, data.Train, null, Chosen with { Seed = seed, Epochs = DenseEpochs + Chosen.Epochs });
        var parameters = string.Create(CultureInfo.InvariantCulture, $"{model.Counts.Cell:N0} of {model.Counts.DenseCell:N0}");
        return (parameters, [.. new[] { dense, compressed, model, fresh, longer }.Select(each => Accuracy(each, data.Test))]);
    }

    private static (SequenceClassifier Dense, SequenceClassifier Compressed) Start(SequenceData data, ulong seed)
    {
        var dense = SequenceClassifier.Create(new ModelOptions { InputModes = [64], HiddenModes = [Hidden], Classes = data.ClassNames }, seed);
        Trainer.Fit(dense, data.Train, null, new TrainingOptions { Epochs = DenseEpochs, Seed = seed, MaxThreads = 1 });
        var budget = (long)(dense.Counts.Cell / Ratio) - 4 * Hidden;
        var options = new CompressionOptions { Format = CompressedFormat.HierarchicalTucker, Coupling = WeightCoupling.Joint, Goal = CompressionGoal.Parameters(budget), Calibration = data.Train };
        return (dense, Compressor.Compress(dense, options).Model);
    }

    private static SequenceClassifier Copy(SequenceClassifier model)
    {
        var copy = SequenceClassifier.Create(model.Options);
        copy.Scaling = model.Scaling;
        foreach (var parameter in copy.Parameters.Items) model.Parameters[parameter.Name].Values.CopyTo(parameter.Values);
        return copy;
    }

    private static double Accuracy(SequenceClassifier model, SequenceSet samples) => 100 * model.Evaluate(samples).Accuracy;

    private static string Row(string seed, string parameters, double[] accuracies) =>
        $"| {seed} | {parameters} | {string.Join(" | ", accuracies.Select(accuracy => accuracy.ToString("F1", CultureInfo.InvariantCulture)))} |";
}
