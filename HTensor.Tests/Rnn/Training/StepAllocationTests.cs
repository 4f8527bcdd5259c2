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
        var preset = PublishedPresets.Find("ht-lstm-ucf11")!;
        var source = new GeneratedVideo(seed: 1, count: batch * Steps);
        var model = SequenceClassifier.Create(new ModelOptions { InputModes = preset.InputModes, HiddenModes = preset.HiddenModes, InputWeights = preset.Format, Classes = GeneratedVideo.ClassNames });
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
