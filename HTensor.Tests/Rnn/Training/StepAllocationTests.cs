using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Tests that count what the whole process allocates: no other test may run beside them.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;

[Collection(nameof(WholeProcess))]
public sealed class StepAllocationTests
{
    private const int Steps = 26;

    [Fact]
    public void A_training_step_of_the_published_layer_allocates_nothing_in_the_whole_process()
    {
        const int batch = 4;
        var source = new GeneratedVideo(seed: 1, count: batch * Steps);
        var model = PublishedModel();
        var set = new SequenceSet(source, Enumerable.Range(0, source.Count).ToArray());
        var allocated = long.MaxValue;
        // The test runner has threads of its own: what it allocates once is not in every run.
        for (var run = 0; run < 3 && allocated != 0; run++)
        {
            var totals = new Totals();
            Trainer.Fit(model, set, null, new TrainingOptions { Epochs = 1, BatchSize = batch, MaxThreads = 2, Dropout = 0.2 }, totals);
            allocated = totals.At(25) - totals.At(5);
        }

        Assert.Equal(0, allocated);
    }

    /// <summary>Weights 1.1 MB, and as much again for gradients, two moments, the best weights and two packed forms of U; frames 5.5 MB; activations of six units.</summary>
    [Fact]
    public void Training_the_published_layer_takes_little_more_than_its_frames_tile_and_activations()
    {
        const long megabytes = 28;
        var model = PublishedModel();
        var source = new GeneratedVideo(seed: 1, count: 32);
        var set = new SequenceSet(source, Enumerable.Range(0, source.Count).ToArray());
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Trainer.Fit(model, set, null, new TrainingOptions { Epochs = 1, BatchSize = 16, MaxThreads = 2 });
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, megabytes << 20);
    }

    private static SequenceClassifier PublishedModel()
    {
        var preset = PublishedPresets.Find("ht-lstm-ucf11")!;
        return SequenceClassifier.Create(new ModelOptions { InputModes = preset.InputModes, HiddenModes = preset.HiddenModes, InputWeights = preset.Format, Classes = GeneratedVideo.ClassNames });
    }

    /// <summary>What the process had allocated after each step.</summary>
    private sealed class Totals : IProgress<TrainingProgress>
    {
        private readonly long[] _bytes = new long[Steps + 1];

        public long At(int step) => _bytes[step];

        public void Report(TrainingProgress value)
        {
            if (value.Completed is null) _bytes[value.Step] = GC.GetTotalAllocatedBytes(precise: true);
        }
    }
}
