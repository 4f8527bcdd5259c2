using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// One step of gradient descent with momentum in one pass: velocity = momentum velocity + scale g; p = p - lr velocity - lr decay p. Without
/// dampening or Nesterov's look-ahead.
/// </summary>
public static unsafe class MomentumSgdStep
{
    /// <summary>A value's bits do not depend on its position.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or what is written overlaps another span, other than by being one that is read.</exception>
    public static void Apply<T>(Span<T> weights, ReadOnlySpan<T> gradient, Span<T> velocity, MomentumSgdFactors<T> factors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        SpanGuard.SameLength(weights.Length, gradient.Length, nameof(weights), nameof(gradient));
        SpanGuard.SameLength(weights.Length, velocity.Length, nameof(weights), nameof(velocity));
        fixed (T* p = weights, g = gradient, u = velocity)
        {
            LaneDriver.Run<MomentumSgdBody<T>, T>(new(factors), [(nint)p, (nint)g, (nint)u], "weights gradient velocity", weights.Length);
        }
    }
}

/// <summary>The constants of one step, rounded once from double.</summary>
public readonly record struct MomentumSgdFactors<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What the gradient is multiplied by before anything else.</summary>
    public required T GradientScale { get; init; }

    public required T Momentum { get; init; }

    public required T LearningRate { get; init; }

    /// <summary>lr times the decay: 0 where weights do not decay.</summary>
    public required T Decay { get; init; }

    public static MomentumSgdFactors<T> Of(double momentum, double learningRate, double weightDecay, double gradientScale) => new()
    {
        GradientScale = T.CreateTruncating(gradientScale),
        Momentum = T.CreateTruncating(momentum),
        LearningRate = T.CreateTruncating(learningRate),
        Decay = T.CreateTruncating(learningRate * weightDecay),
    };
}

/// <summary>Streams: weights, gradient, velocity.</summary>
internal readonly unsafe struct MomentumSgdBody<T>(MomentumSgdFactors<T> factors) : ILaneBody<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MomentumSgdFactors<T> _factors = factors;

    public int Read => 0b111;

    public int Written => 0b101;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        var p = V.Load(s[0] + at);
        var g = V.Load(s[1] + at) * V.Broadcast(_factors.GradientScale);
        var velocity = V.FusedMultiplyAdd(V.Broadcast(_factors.Momentum), V.Load(s[2] + at), g);
        V.Store(velocity, s[2] + at);
        V.Store(p - V.FusedMultiplyAdd(V.Broadcast(_factors.Decay), p, V.Broadcast(_factors.LearningRate) * velocity), s[0] + at);
    }
}
