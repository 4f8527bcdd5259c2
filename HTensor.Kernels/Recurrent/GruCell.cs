using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// The gated recurrent unit, fused, over flat spans of equal length (batch times hidden units, in any order that is the same for all).
/// hidden = (1 - z) n + z hiddenBefore. Reset after the product, as in cuDNN and PyTorch: n = tanh(n + r q), where q is the recurrent
/// product; one pass each way. Reset before it (Cho et al., arXiv 1406.1078): the product over r hiddenBefore comes between two passes,
/// the reset's and the candidate's. No kernel allocates; a value's bits do not depend on its position.
/// </summary>
public static unsafe class GruCell
{
    /// <summary>r, z = sigmoid(r, z), n = tanh(n + r q), in place; hidden = n + z (hiddenBefore - n).</summary>
    /// <exception cref="ArgumentException">The lengths differ, or what is written overlaps another span, other than by being one that is read.</exception>
    public static void Forward<T>(Span<T> r, Span<T> z, ReadOnlySpan<T> q, Span<T> n, ReadOnlySpan<T> hiddenBefore, Span<T> hidden)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require<T>(r.Length, (nameof(z), z.Length), (nameof(q), q.Length), (nameof(n), n.Length), (nameof(hiddenBefore), hiddenBefore.Length),
            (nameof(hidden), hidden.Length));
        fixed (T* pr = r, pz = z, pq = q, pn = n, before = hiddenBefore, ph = hidden)
        {
            var passes = LaneDriver.First<SigmoidGateBody<T>, T>(new(0)).Then(new SigmoidGateBody<T>(1)).Then(default(GruHiddenBody<T>));
            passes.Run([(nint)pr, (nint)pz, (nint)pq, (nint)pn, (nint)before, (nint)ph], "r z q n hiddenBefore hidden", r.Length);
        }
    }

    /// <summary>
    /// From the activated gates, d = hiddenGradient: at the pre-activations nGradient = d (1 - z) (1 - n^2), zGradient = d (hiddenBefore - n) z (1 - z),
    /// rGradient = nGradient q r (1 - r); at the product qGradient = nGradient r; then hiddenGradient = d z, the direct part of the gradient at hiddenBefore.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ, or what is written overlaps another span, other than by being one that is read.</exception>
    public static void Backward<T>(ReadOnlySpan<T> r, ReadOnlySpan<T> z, ReadOnlySpan<T> q, ReadOnlySpan<T> n, ReadOnlySpan<T> hiddenBefore,
        Span<T> hiddenGradient, Span<T> rGradient, Span<T> zGradient, Span<T> qGradient, Span<T> nGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require<T>(r.Length, (nameof(z), z.Length), (nameof(q), q.Length), (nameof(n), n.Length), (nameof(hiddenBefore), hiddenBefore.Length),
            (nameof(hiddenGradient), hiddenGradient.Length), (nameof(rGradient), rGradient.Length), (nameof(zGradient), zGradient.Length),
            (nameof(qGradient), qGradient.Length), (nameof(nGradient), nGradient.Length));
        fixed (T* pr = r, pz = z, pq = q, pn = n, before = hiddenBefore, dh = hiddenGradient)
        fixed (T* dr = rGradient, dz = zGradient, dq = qGradient, dn = nGradient)
        {
            LaneDriver.Run<GruBackwardBody<T>, T>(
                default,
                [(nint)pr, (nint)pz, (nint)pq, (nint)pn, (nint)before, (nint)dh, (nint)dr, (nint)dz, (nint)dq, (nint)dn],
                "r z q n hiddenBefore hiddenGradient rGradient zGradient qGradient nGradient",
                r.Length);
        }
    }

    /// <summary>Reset before the product, first pass: r, z = sigmoid(r, z) in place; resetHidden = r hiddenBefore.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or what is written overlaps another span, other than by being one that is read.</exception>
    public static void ForwardReset<T>(Span<T> r, Span<T> z, ReadOnlySpan<T> hiddenBefore, Span<T> resetHidden)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require<T>(r.Length, (nameof(z), z.Length), (nameof(hiddenBefore), hiddenBefore.Length), (nameof(resetHidden), resetHidden.Length));
        fixed (T* pr = r, pz = z, before = hiddenBefore, reset = resetHidden)
        {
            var passes = LaneDriver.First<GruResetForwardBody<T>, T>(default).Then(new SigmoidGateBody<T>(1));
            passes.Run([(nint)pr, (nint)pz, (nint)before, (nint)reset], "r z hiddenBefore resetHidden", r.Length);
        }
    }

    /// <summary>Second pass, the product over resetHidden being in n: n = tanh(n) in place; hidden = n + z (hiddenBefore - n).</summary>
    /// <exception cref="ArgumentException">The lengths differ, or what is written overlaps another span, other than by being one that is read.</exception>
    public static void ForwardCandidate<T>(ReadOnlySpan<T> z, Span<T> n, ReadOnlySpan<T> hiddenBefore, Span<T> hidden)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require<T>(z.Length, (nameof(n), n.Length), (nameof(hiddenBefore), hiddenBefore.Length), (nameof(hidden), hidden.Length));
        fixed (T* pz = z, pn = n, before = hiddenBefore, ph = hidden)
        {
            LaneDriver.Run<GruCandidateForwardBody<T>, T>(default, [(nint)pz, (nint)pn, (nint)before, (nint)ph], "z n hiddenBefore hidden", z.Length);
        }
    }

    /// <summary>
    /// The adjoint of the second pass, d = hiddenGradient: nGradient = d (1 - z) (1 - n^2), zGradient = d (hiddenBefore - n) z (1 - z);
    /// then hiddenGradient = d z.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ, or what is written overlaps another span, other than by being one that is read.</exception>
    public static void BackwardCandidate<T>(ReadOnlySpan<T> z, ReadOnlySpan<T> n, ReadOnlySpan<T> hiddenBefore, Span<T> hiddenGradient,
        Span<T> zGradient, Span<T> nGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require<T>(z.Length, (nameof(n), n.Length), (nameof(hiddenBefore), hiddenBefore.Length), (nameof(hiddenGradient), hiddenGradient.Length),
            (nameof(zGradient), zGradient.Length), (nameof(nGradient), nGradient.Length));
        fixed (T* pz = z, pn = n, before = hiddenBefore, dh = hiddenGradient, dz = zGradient, dn = nGradient)
        {
            LaneDriver.Run<GruCandidateBackwardBody<T>, T>(
                default,
                [(nint)pz, (nint)pn, (nint)before, (nint)dh, (nint)dz, (nint)dn],
                "z n hiddenBefore hiddenGradient zGradient nGradient",
                z.Length);
        }
    }

    /// <summary>The adjoint of the first pass, d = resetHiddenGradient: rGradient = d hiddenBefore r (1 - r); hiddenBeforeGradient += d r.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or what is written overlaps another span, other than by being one that is read.</exception>
    public static void BackwardReset<T>(ReadOnlySpan<T> r, ReadOnlySpan<T> hiddenBefore, ReadOnlySpan<T> resetHiddenGradient,
        Span<T> hiddenBeforeGradient, Span<T> rGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require<T>(r.Length, (nameof(hiddenBefore), hiddenBefore.Length), (nameof(resetHiddenGradient), resetHiddenGradient.Length),
            (nameof(hiddenBeforeGradient), hiddenBeforeGradient.Length), (nameof(rGradient), rGradient.Length));
        fixed (T* pr = r, before = hiddenBefore, reset = resetHiddenGradient, dh = hiddenBeforeGradient, dr = rGradient)
        {
            LaneDriver.Run<GruResetBackwardBody<T>, T>(
                default,
                [(nint)pr, (nint)before, (nint)reset, (nint)dh, (nint)dr],
                "r hiddenBefore resetHiddenGradient hiddenBeforeGradient rGradient",
                r.Length);
        }
    }

    /// <summary>The first stream, r or z, has the length that all must have.</summary>
    private static void Require<T>(int length, params ReadOnlySpan<(string Name, int Length)> others)
    {
        ElementType.Validate<T>();
        foreach (var (name, found) in others) SpanGuard.SameLength(length, found, "first gate", name);
    }
}
