using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// One step of AdamW (Loshchilov, Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2) in one pass over flat spans:
/// g' = scale g; m = b1 m + (1 - b1) g'; v = b2 v + (1 - b2) g'^2;
/// p = p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps) - lr decay p.
/// </summary>
public static unsafe class AdamWStep
{
    /// <summary>A value's bits do not depend on its position. Three streams are written, four read: 28 bytes an element in float.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or what is written overlaps another span, other than by being one that is read.</exception>
    public static void Apply<T>(Span<T> weights, ReadOnlySpan<T> gradient, Span<T> firstMoment, Span<T> secondMoment, AdamWFactors<T> factors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        SpanGuard.SameLength(weights.Length, gradient.Length, nameof(weights), nameof(gradient));
        SpanGuard.SameLength(weights.Length, firstMoment.Length, nameof(weights), nameof(firstMoment));
        SpanGuard.SameLength(weights.Length, secondMoment.Length, nameof(weights), nameof(secondMoment));
        fixed (T* p = weights, g = gradient, m = firstMoment, v = secondMoment)
        {
            LaneDriver.Run<AdamWBody<T>, T>(new(factors), [(nint)p, (nint)g, (nint)m, (nint)v], "weights gradient firstMoment secondMoment", weights.Length);
        }
    }
}

/// <summary>Streams: weights, gradient, first moment, second moment.</summary>
internal readonly unsafe struct AdamWBody<T>(AdamWFactors<T> factors) : ILaneBody<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AdamWFactors<T> _factors = factors;

    public int Read => 0b1111;

    public int Written => 0b1101;

    // One root and one division an element: the corrections of m and v are multiplied in as constants.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        var p = V.Load(s[0] + at);
        var g = V.Load(s[1] + at) * V.Broadcast(_factors.GradientScale);
        var m = V.FusedMultiplyAdd(V.Broadcast(_factors.Beta1), V.Load(s[2] + at), V.Broadcast(_factors.Rest1) * g);
        var v = V.FusedMultiplyAdd(V.Broadcast(_factors.Beta2), V.Load(s[3] + at), V.Broadcast(_factors.Rest2) * g * g);
        V.Store(m, s[2] + at);
        V.Store(v, s[3] + at);
        var root = V.FusedMultiplyAdd(V.Sqrt(v), V.Broadcast(_factors.RootCorrection), V.Broadcast(_factors.Epsilon));
        // The two parts of the change are added first: a decay far below an ulp of p would vanish if it were applied alone.
        V.Store(p - V.FusedMultiplyAdd(V.Broadcast(_factors.Decay), p, V.Broadcast(_factors.StepSize) * m / root), s[0] + at);
    }
}
