using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Three classes of short noisy sequences of different lengths that a small model learns in some steps.</summary>
internal static class SmallTask
{
    public const int Classes = 3;
    public const int Steps = 5;
    public const int Frame = 12;

    public static ArraySequenceSource Source(int samples, ulong seed = 1, int extraLabel = 0)
    {
        var random = new Philox(seed);
        var values = new float[samples * Steps * Frame];
        random.FillNormal<float>(values, 1);
        for (var i = 0; i < values.Length; i++)
        {
            var (sample, step, feature) = (i / (Steps * Frame), i / Frame % Steps, i % Frame);
            values[i] += (feature + step) % Classes == sample % Classes ? 1.5f : -0.5f;
        }

        return ArraySequenceSource.FromFloats(values, Steps, [Frame], [.. Enumerable.Range(0, samples).Select(sample => sample % Classes + extraLabel)],
            [.. Enumerable.Range(0, samples).Select(sample => 2 + sample % (Steps - 1))]);
    }

    public static SequenceSet Set(int samples, ulong seed = 1) => new(Source(samples, seed), Enumerable.Range(0, samples).ToArray());

    public static SequenceClassifier Model(IMatrixFormat? format = null, Readout readout = Readout.Last) => SequenceClassifier.Create(new ModelOptions
    {
        InputModes = [2, 3, 2],
        HiddenModes = [2, 2, 3],
        InputWeights = format ?? WeightFormat.HierarchicalTucker(2, 3),
        Readout = readout,
        Classes = ["a", "b", "c"],
    }, seed: 4);

    public static TrainingOptions Options => new() { Epochs = 4, BatchSize = 7, LearningRate = 0.02, Dropout = 0.2, WarmupSteps = 3, MaxThreads = 1 };
}

/// <summary>Reports as they come, on the thread that trains; after one of them it may cancel.</summary>
internal sealed class Reports(Predicate<TrainingProgress>? cancelAfter = null) : IProgress<TrainingProgress>, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    public List<TrainingProgress> All { get; } = [];

    public CancellationToken Cancellation => _cancellation.Token;

    public void Report(TrainingProgress value)
    {
        All.Add(value);
        if (cancelAfter?.Invoke(value) == true) _cancellation.Cancel();
    }

    public void Dispose() => _cancellation.Dispose();
}

/// <summary>Copies a checkpoint at each report, once it is there.</summary>
internal sealed class Copies(string path, List<string> copies) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (!File.Exists(path)) return;
        copies.Add($"{path}.{copies.Count}");
        File.Copy(path, copies[^1]);
    }
}
