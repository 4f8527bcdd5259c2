using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Independent yes-or-no events: p = sigmoid(x), loss = -t ln p - (1 - t) ln(1 - p) = max(x, 0) - x t + ln(1 + e^-|x|), element by element over
/// spans of equal length. Nothing is allocated; a value's bits do not depend on its position.
/// </summary>
public static unsafe class SigmoidCrossEntropy
{
    /// <summary>Fills probabilities and losses; the targets t are 0 or 1, or between them.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or what is written overlaps another span, other than by being one that is read.</exception>
    public static void Forward<T>(ReadOnlySpan<T> logits, ReadOnlySpan<T> targets, Span<T> probabilities, Span<T> losses)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        SpanGuard.SameLength(logits.Length, targets.Length, nameof(logits), nameof(targets));
        SpanGuard.SameLength(logits.Length, probabilities.Length, nameof(logits), nameof(probabilities));
        SpanGuard.SameLength(logits.Length, losses.Length, nameof(logits), nameof(losses));
        fixed (T* x = logits, t = targets, p = probabilities, loss = losses)
        {
            LaneDriver.Run<SigmoidCrossEntropyBody<T>, T>(default, [(nint)x, (nint)t, (nint)p, (nint)loss], "logits targets probabilities losses", logits.Length);
        }
    }
}

/// <summary>Streams: logits, targets, probabilities, losses.</summary>
internal readonly unsafe struct SigmoidCrossEntropyBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public int Read => 0b0011;

    public int Written => 0b1100;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        V zero = default;
        var x = V.Load(s[0] + at);
        var t = V.Load(s[1] + at);
        var negative = V.Lesser(x, zero - x);
        V.Store(SigmoidBody<T>.Apply(x, constants), s[2] + at);
        V.Store(V.Greater(x, zero) - x * t + LogBody<T>.Apply(constants.One + ExpBody<T>.Apply(negative, constants)), s[3] + at);
    }
}
