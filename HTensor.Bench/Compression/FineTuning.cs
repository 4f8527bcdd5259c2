using System.Globalization;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>A dense LSTM trained on spoken digits, compressed to a twentieth of its cell's parameters, trained on for a few epochs; beside it the same formats from a fresh start.</summary>
internal static class FineTuning
{
    private const int Hidden = 128;
    private const int DenseEpochs = 8;
    private const int Epochs = 5;
    private const double Ratio = 20;

    public static string[] Lines(string path, ulong[] seeds)
    {
        var data = SequenceData.Load(path);
        List<string> lines =
        [
            $"fsdd_logmel64.npz: an LSTM 64 -> {Hidden}, dense, {DenseEpochs} epochs; W and U as one into hierarchical Tucker of 1 / {Ratio} of the cell's parameters (W, U and biases), weighted by the training samples, {Epochs} epochs more;",
            $"the same format from a fresh start, {Epochs} and {DenseEpochs + Epochs} epochs. Accuracy on the 300 test samples, %.", "",
            "| seed | cell parameters | dense | compressed | trained on | fresh, " + Epochs + " epochs | fresh, " + (DenseEpochs + Epochs) + " epochs |", "|---|---|---|---|---|---|---|",
        ];
        var all = new List<double[]>();
        foreach (var seed in seeds)
        {
            var (parameters, accuracies) = Seed(data, seed);
            all.Add(accuracies);
            lines.Add(Row($"{seed}", parameters, accuracies));
            Console.WriteLine(lines[^1]);
        }

        lines.Add(Row("mean", "", [.. Enumerable.Range(0, all[0].Length).Select(i => all.Average(row => row[i]))]));
        Console.WriteLine(lines[^1]);
        return [.. lines];
    }

    private static (string Parameters, double[] Accuracies) Seed(SequenceData data, ulong seed)
    {
        var dense = SequenceClassifier.Create(new ModelOptions { InputModes = [64], HiddenModes = [Hidden], Classes = data.ClassNames }, seed);
        Train(dense, data, DenseEpochs, seed);
        var budget = (long)(dense.Counts.Cell / Ratio) - 4 * Hidden;
        var (model, _) = Compressor.Compress(dense, new CompressionOptions { Format = CompressedFormat.HierarchicalTucker, Coupling = WeightCoupling.Joint, Goal = CompressionGoal.Parameters(budget), Calibration = data.Train });
        var (fresh, longer) = (SequenceClassifier.Create(model.Options, seed), SequenceClassifier.Create(model.Options, seed));
        var compressed = Accuracy(model, data);
        Train(model, data, Epochs, seed);
        Train(fresh, data, Epochs, seed);
        Train(longer, data, DenseEpochs + Epochs, seed);
        var parameters = string.Create(CultureInfo.InvariantCulture, $"{model.Counts.Cell:N0} of {model.Counts.DenseCell:N0}");
        return (parameters, [Accuracy(dense, data), compressed, Accuracy(model, data), Accuracy(fresh, data), Accuracy(longer, data)]);
    }

    private static void Train(SequenceClassifier model, SequenceData data, int epochs, ulong seed) =>
        Trainer.Fit(model, data.Train, null, new TrainingOptions { Epochs = epochs, Seed = seed, MaxThreads = 1 });

    private static double Accuracy(SequenceClassifier model, SequenceData data) => 100 * model.Evaluate(data.Test).Accuracy;

    private static string Row(string seed, string parameters, double[] accuracies) =>
        $"| {seed} | {parameters} | {string.Join(" | ", accuracies.Select(accuracy => accuracy.ToString("F1", CultureInfo.InvariantCulture)))} |";
}
