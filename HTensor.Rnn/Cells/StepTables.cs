using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>Where the samples of all steps but one lie, for the gradient of U: sources [steps, H, 16] from one step on, gradients [steps, rows, 16] from step 1.</summary>
internal sealed class StepTables
{
    /// <param name="steps">Steps of a group.</param>
    /// <param name="hidden">H.</param>
    /// <param name="firstSource">0: the gradient of a step goes with the source of the step before; 1: with that of the same step.</param>
    /// <param name="rows">Rows of a step's gradient.</param>
    public StepTables(int steps, int hidden, int firstSource, int rows)
    {
        Rows = rows;
        (Sources, Gradients) = (Table(hidden, firstSource), Table(rows, 1));

        int[] Table(int blocks, int first) =>
            [.. Enumerable.Range(0, (steps - 1) * LaneBlock.Width).Select(i => (i / LaneBlock.Width + first) * blocks * LaneBlock.Width + i % LaneBlock.Width)];
    }

    public int Rows { get; }

    public int[] Sources { get; }

    public int[] Gradients { get; }
}
