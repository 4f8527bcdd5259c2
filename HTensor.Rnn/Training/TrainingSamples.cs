namespace HTensor.Rnn;

/// <summary>How many samples a training has.</summary>
internal readonly record struct TrainingSamples(int Train, int Validation);
