namespace HTensor.Core;

/// <summary>How a step of one sample runs.</summary>
internal enum SampleStepKind
{
    /// <summary>Modes of the activation that the weight does not have stand in the lanes; weights are broadcast over them.</summary>
    Lanes,

    /// <summary>A plain product, rows of the activation times the weight.</summary>
    Rows,
}

/// <summary>How a step runs.</summary>
/// <param name="Kind">What the registers hold.</param>
/// <param name="Lanes">Modes that come into the lanes before it; null: they stay.</param>
internal sealed record SampleChoice(SampleStepKind Kind, int[]? Lanes);
