namespace HTensor.Rnn;

/// <summary>From which steps the prediction is read.</summary>
public enum Readout
{
    /// <summary>The last valid step; of a layer that walks back, the first.</summary>
    Last,

    /// <summary>The mean over the valid steps.</summary>
    Mean,

    /// <summary>A prediction at every step.</summary>
    Step,
}
