using System.Numerics;

namespace HTensor.Kernels;

/// <summary>The constants of one AdamW step, rounded once from double.</summary>
public readonly record struct AdamWFactors<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What the gradient is multiplied by before anything else, for clipping or for a mean.</summary>
    public required T GradientScale { get; init; }

    public required T Beta1 { get; init; }

    /// <summary>1 - beta1, from the double: the difference of rounded numbers has fewer digits.</summary>
    public required T Rest1 { get; init; }

    public required T Beta2 { get; init; }

    /// <summary>1 - beta2.</summary>
    public required T Rest2 { get; init; }

    /// <summary>lr / (1 - beta1^t).</summary>
    public required T StepSize { get; init; }

    /// <summary>1 / sqrt(1 - beta2^t).</summary>
    public required T RootCorrection { get; init; }

    public required T Epsilon { get; init; }

    /// <summary>lr times the decay: 0 where weights do not decay.</summary>
    public required T Decay { get; init; }

    /// <param name="beta1">Share of the first moment that is kept, in [0, 1).</param>
    /// <param name="beta2">Share of the second moment that is kept, in [0, 1).</param>
    /// <param name="power1">beta1^t, t = 1 in the first step.</param>
    /// <param name="power2">beta2^t.</param>
    /// <param name="epsilon">Added to the root, not under it.</param>
    /// <param name="learningRate">lr.</param>
    /// <param name="weightDecay">Decoupled: a weight shrinks by lr times this share of itself.</param>
    /// <param name="gradientScale">What the gradient is multiplied by.</param>
    public static AdamWFactors<T> Of(double beta1, double beta2, double power1, double power2, double epsilon, double learningRate,
        double weightDecay, double gradientScale) => new()
        {
            GradientScale = T.CreateTruncating(gradientScale),
            Beta1 = T.CreateTruncating(beta1),
            Rest1 = T.CreateTruncating(1 - beta1),
            Beta2 = T.CreateTruncating(beta2),
            Rest2 = T.CreateTruncating(1 - beta2),
            StepSize = T.CreateTruncating(learningRate / (1 - power1)),
            RootCorrection = T.CreateTruncating(1 / double.Sqrt(1 - power2)),
            Epsilon = T.CreateTruncating(epsilon),
            Decay = T.CreateTruncating(learningRate * weightDecay),
        };
}
