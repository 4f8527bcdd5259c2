using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Samples;

/// <summary>Weights after twenty steps of training, and what the trained model predicts.</summary>
internal static class TrainingBits
{
    private const int Steps = 4;

    /// <summary>"training format hash" for a small LSTM; the last batch of an epoch has fewer samples, and each batch several blocks of lanes.</summary>
    public static IEnumerable<string> Lines(int threads)
    {
        yield return Line("ht", WeightFormat.HierarchicalTucker(leafRank: 4, innerRank: 5), [3, 4, 3, 4], [4, 2, 2, 2], threads);
        yield return Line("tt", WeightFormat.TensorTrain(3), [6, 6], [4, 4], threads);
        yield return Line("dense", WeightFormat.Dense, [36], [16], threads);
        // A frame of four tiles.
        yield return Line("ht-tiled", WeightFormat.HierarchicalTucker(leafRank: 4, innerRank: 4), [16, 16, 8, 8], [2, 2, 2, 2], threads, samples: 20, epochs: 2);
        foreach (var (name, options) in Structures()) yield return Line(name, options, threads, 40, 3);
        yield return Line("regularized", Options(WeightFormat.TensorTrain(3), [6, 6], [4, 4]) with { StepInput = StepInput.Difference }, threads, 40, 3, Regularized);
    }

    /// <summary>The other cells, formats and structures.</summary>
    private static IEnumerable<(string Name, ModelOptions Options)> Structures()
    {
        var plain = Options(WeightFormat.TensorTrain(3), [6, 6], [4, 4]);
        yield return ("gru", plain with { Cell = CellKind.Gru });
        yield return ("gru-after", plain with { Cell = CellKind.Gru, Reset = GruReset.After });
        yield return ("rnn", plain with { Cell = CellKind.Rnn });
        yield return ("recurrent-tt", plain with { RecurrentWeights = WeightFormat.TensorTrain(2) });
        yield return ("joint", plain with { Coupling = WeightCoupling.Joint });
        yield return ("bidirectional-stack", plain with { Layers = 2, Direction = Direction.Bidirectional, Readout = Readout.Step, Front = FrontLayer.Dense(36) });
    }

    private static string Line(string name, IMatrixFormat format, int[] input, int[] hidden, int threads, int samples = 90, int epochs = 10) =>
        Line(name, Options(format, input, hidden), threads, samples, epochs);

    private static ModelOptions Options(IMatrixFormat format, int[] input, int[] hidden) => new()
    {
        InputModes = input,
        HiddenModes = hidden,
        InputWeights = format,
        Readout = Readout.Mean,
        Classes = ["a", "b", "c"],
    };

    /// <summary>All that keeps a model from learning its samples by heart.</summary>
    private static readonly TrainingOptions Regularized = new()
    {
        InputDropout = 0.1,
        RecurrentDropout = 0.1,
        LabelSmoothing = 0.1,
        WeightAveraging = 0.9,
        Augmentation = new() { Shift = 2, Brightness = 0.3, TimeJitter = 1 },
    };

    private static string Line(string name, ModelOptions options, int threads, int samples, int epochs, TrainingOptions? more = null)
    {
        var clips = new SequenceSet(Clips(samples, options.InputModes.Aggregate(1, (product, size) => product * size)), Enumerable.Range(0, samples).ToArray());
        var model = SequenceClassifier.Create(options, seed: 4);
        var training = (more ?? new TrainingOptions()) with { Epochs = epochs, BatchSize = 50, LearningRate = 0.01, WarmupSteps = 2, MaxThreads = threads };
        if (options.Layers > 1) training = training with { RecurrentDropout = 0.2 };
        var history = Trainer.Fit(model, clips, options: training);
        using var hash = new BitHash();
        hash.Add<float>(model.Parameters.Values).Add<float>(model.Predict(clips, threads));
        hash.Add<double>(history.Epochs.Select(epoch => epoch.TrainLoss).ToArray());
        return $"training {name} {hash.End()}";
    }

    /// <summary>Noisy bytes of different lengths; one of three parts of a frame is brighter.</summary>
    private static ArraySequenceSource Clips(int samples, int frame)
    {
        var (random, values) = (new Philox(7), new byte[samples * Steps * frame]);
        for (var i = 0; i < values.Length; i++)
            values[i] = (byte)(random.NextInt32(180) + (i % frame * 3 / frame == i / (Steps * frame) % 3 ? 60 : 0));
        return ArraySequenceSource.FromBytes(values, Steps, [frame], [.. Enumerable.Range(0, samples).Select(sample => sample % 3)],
            [.. Enumerable.Range(0, samples).Select(sample => 1 + sample % Steps)]);
    }
}
