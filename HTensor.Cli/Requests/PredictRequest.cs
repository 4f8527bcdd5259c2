using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>What <c>predict</c> was asked for.</summary>
/// <param name="Model">A model file, or a run folder, whose best model it is.</param>
/// <param name="Data">Sequences; labels and split are not needed.</param>
/// <param name="Out">The npy file to write.</param>
internal sealed record PredictRequest(string Model, string Data, string Out)
{
    /// <summary>Null: as the run folder's own data was, else as the frames are.</summary>
    public FrameSize? Resize { get; init; }

    /// <summary>What a model of another program does not say.</summary>
    public ImportOptions? Import { get; init; }

    public int? Threads { get; init; }
}
