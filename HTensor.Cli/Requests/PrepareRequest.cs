namespace HTensor.Cli;

/// <summary>What <c>prepare</c> was asked for.</summary>
/// <param name="Folder">Videos by class folder.</param>
/// <param name="Size">Of the frames.</param>
/// <param name="Frames">Frames of a clip, evenly over its time.</param>
/// <param name="Out">The .npz file to write.</param>
/// <param name="Fold">Which fifth of the groups is the test, from 1.</param>
internal sealed record PrepareRequest(string Folder, FrameSize Size, int Frames, string Out, int Fold)
{
    public const int Folds = 5;
}
