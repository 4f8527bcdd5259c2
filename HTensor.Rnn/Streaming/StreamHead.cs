using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>What a task makes of a model's outputs, over samples in lanes, in place: probabilities, or the numbers themselves.</summary>
internal static class StreamHead
{
    private static readonly int[] NoLabels = [.. Enumerable.Repeat(-1, LaneBlock.Width)];

    /// <param name="task">The task.</param>
    /// <param name="outputs">[outputs, 16], bias included.</param>
    public static void Apply(SequenceTask task, Span<float> outputs)
    {
        if (task is SequenceTask.Regression or SequenceTask.States) return;
        if (task == SequenceTask.NextNotes)
        {
            Functions.Sigmoid<float>(outputs, outputs);
            return;
        }

        Span<float> losses = stackalloc float[LaneBlock.Width];
        SoftmaxCrossEntropy.Forward<float>(outputs, NoLabels, outputs, losses);
    }
}
