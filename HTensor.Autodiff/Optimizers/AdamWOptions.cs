namespace HTensor.Autodiff;

/// <summary>The constants of <see cref="AdamW{T}"/>; the values given here are the paper's and the usual ones.</summary>
public sealed record AdamWOptions
{
    /// <summary>Share of the first moment kept at a step, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Share of the second moment kept at a step, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment, above 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>A weight of two or more modes loses this share times the learning rate of itself at every step.</summary>
    public double WeightDecay { get; init; } = 0.01;
}
