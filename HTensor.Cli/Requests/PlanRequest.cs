using HTensor.Core;

namespace HTensor.Cli;

/// <summary>What <c>plan</c> was asked for.</summary>
internal sealed record PlanRequest
{
    public const int DefaultBatch = 96;

    public required ModelRequest Model { get; init; }

    /// <summary>Samples of one contraction: batch times steps.</summary>
    public int Batch { get; init; } = DefaultBatch;

    public PlanObjective Objective { get; init; }
}
