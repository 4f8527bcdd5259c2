namespace HTensor.Cli;

/// <summary>A test sample as a report shows it.</summary>
/// <param name="Number">In the data.</param>
/// <param name="Label">Its class.</param>
/// <param name="Predictions">The most probable classes, the first most.</param>
/// <param name="Frames">PNG images: its frames, or one image of all steps where frames are none.</param>
internal sealed record SampleClip(int Number, string Label, IReadOnlyList<(string Class, double Probability)> Predictions, IReadOnlyList<byte[]> Frames)
{
    public bool IsRight => Predictions[0].Class == Label;
}
