namespace HTensor.Rnn;

/// <summary>In which order a layer walks the steps.</summary>
public enum Direction
{
    /// <summary>From the first step to the last.</summary>
    Forward,

    /// <summary>Two layers beside each other, one from the first step to the last, one back; the states of both go on.</summary>
    Bidirectional,
}
