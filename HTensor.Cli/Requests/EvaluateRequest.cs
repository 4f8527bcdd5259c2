namespace HTensor.Cli;

/// <summary>What <c>evaluate</c> was asked for.</summary>
/// <param name="Model">A model file, or a run folder, whose best model it is.</param>
/// <param name="Data">The data whose test split counts; null: the run folder's own, for a model file the generated video.</param>
internal sealed record EvaluateRequest(string Model, string? Data)
{
    /// <summary>Null: as the run folder's own data was, else as the frames are.</summary>
    public FrameSize? Resize { get; init; }

    /// <summary>Of the generated video; null: the run folder's, else 1.</summary>
    public ulong? Seed { get; init; }

    public int? Threads { get; init; }
}
