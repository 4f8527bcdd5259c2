namespace HTensor.Rnn;

/// <summary>From which steps a sequence's class is read.</summary>
public enum Readout
{
    /// <summary>The last valid step.</summary>
    Last,

    /// <summary>The mean over the valid steps.</summary>
    Mean,
}
