namespace HTensor.Bench;

/// <summary>All experiments by name.</summary>
internal static class ExperimentCatalog
{
    public static IReadOnlyList<Experiment> All { get; } =
    [
        VideoExperiments.Formats, VideoExperiments.Parts, VideoExperiments.Large, VideoExperiments.Initialization, VideoExperiments.Fights, VideoExperiments.Ucf11,
        MusicExperiments.Chorales, MusicExperiments.Nottingham, MusicExperiments.Piano,
        DefaultExperiments.Video, DefaultExperiments.Speech, DefaultExperiments.Vowels, SequenceExperiments.Speech, SequenceExperiments.Rows, SequenceExperiments.Vowels,
    ];
}
