namespace HTensor.Rnn;

/// <summary>What the first recurrent layer reads at a step.</summary>
public enum StepInput
{
    /// <summary>The frame.</summary>
    Frame,

    /// <summary>What has changed since the frame before: x_t - x_(t-1), 0 at the first step. What stands still in a video is not seen.</summary>
    Difference,
}
