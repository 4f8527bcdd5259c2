namespace HTensor.Rnn;

/// <summary>
/// How training samples are changed each time they are read, so that a model sees none twice. What is drawn for a sample in an epoch follows from
/// the seed alone: the same on any number of threads, and in a run that goes on. All frames of a sample are changed alike.
/// </summary>
public sealed record Augmentation
{
    /// <summary>
    /// Most pixels by which frames move up or down and left or right, edges repeated; of frames [values], most places along them. 0: none.
    /// </summary>
    public int Shift { get; init; }

    /// <summary>Part of the samples whose frames [height, width, ...] are mirrored left to right, 0 to 1. For labels that have no left and right.</summary>
    public double Flip { get; init; }

    /// <summary>Largest amount added to all values of a sample, in deviations of their channel; bytes stay in 0 to 255. 0: none.</summary>
    public double Brightness { get; init; }

    /// <summary>Most steps by which a sample is late or early, its first or last frame repeated; its length stays. 0: none.</summary>
    public int TimeJitter { get; init; }

    /// <summary>Whether nothing is changed.</summary>
    internal bool IsNone => this == new Augmentation();
}
