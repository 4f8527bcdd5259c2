namespace HTensor.Rnn;

/// <summary>How many samples a training has.</summary>
/// <param name="Train">Samples to train on.</param>
/// <param name="Validation">Samples to choose the best epoch by.</param>
/// <param name="Steps">Most steps of a sample.</param>
internal readonly record struct TrainingSamples(int Train, int Validation, int Steps)
{
    /// <summary>A step for each window of each batch; the last batch takes the samples that are left.</summary>
    public int StepsPerEpoch(TrainingOptions options) =>
        checked((int)(((long)Train + options.BatchSize - 1) / options.BatchSize * LaneBatch<float>.CountWindows(Steps, options.Truncation)));
}
