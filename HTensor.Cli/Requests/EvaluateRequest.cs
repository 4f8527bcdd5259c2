namespace HTensor.Cli;

/// <summary>What <c>evaluate</c> was asked for.</summary>
/// <param name="Model">A model file, or a run folder, whose best model it is.</param>
/// <param name="Data">The data whose test split counts.</param>
internal sealed record EvaluateRequest(string Model, string Data)
{
    public FrameSize? Resize { get; init; }

    public int? Batch { get; init; }

    public int? Threads { get; init; }
}
