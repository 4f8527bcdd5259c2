using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>The generated video that is trained on where no data is given, and how: all that <c>htensor train</c> alone takes for granted.</summary>
internal sealed record DefaultVideo
{
    public const string Name = "generated video";

    public int TrainClips { get; init; } = 3200;

    public int TestClips { get; init; } = 550;

    public TrainingOptions Training { get; init; } = new() { Epochs = 5, BatchSize = 16, LearningRate = 5e-3, Dropout = 0, WeightDecay = 1e-4 };

    /// <summary>The clips of a seed: the first are trained on, the last are the test.</summary>
    public SequenceData Clips(ulong seed) => SequenceData.Create(
        new GeneratedVideo(seed, TrainClips + TestClips), GeneratedVideo.ClassNames,
        [.. Enumerable.Range(0, TrainClips)], [.. Enumerable.Range(TrainClips, TestClips)]);
}
