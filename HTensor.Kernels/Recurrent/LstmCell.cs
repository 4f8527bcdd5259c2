using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// The LSTM cell, fused: gates, state and output in one pass over flat spans of equal length (batch times hidden units, in any order that is
/// the same for all). No kernel allocates; a value's bits do not depend on its position.
/// </summary>
public static unsafe class LstmCell
{
    /// <summary>
    /// i, f, o = sigmoid(i, f, o), g = tanh(g), in place; cell = f cellBefore + i g; hidden = o tanh(cell).
    /// <paramref name="cell"/> may be <paramref name="cellBefore"/> itself.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Forward<T>(Span<T> i, Span<T> f, Span<T> g, Span<T> o, ReadOnlySpan<T> cellBefore, Span<T> cell, Span<T> hidden)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        SpanGuard.SameLength(i.Length, f.Length, nameof(i), nameof(f));
        SpanGuard.SameLength(i.Length, g.Length, nameof(i), nameof(g));
        SpanGuard.SameLength(i.Length, o.Length, nameof(i), nameof(o));
        SpanGuard.SameLength(i.Length, cellBefore.Length, nameof(i), nameof(cellBefore));
        SpanGuard.SameLength(i.Length, cell.Length, nameof(i), nameof(cell));
        SpanGuard.SameLength(i.Length, hidden.Length, nameof(i), nameof(hidden));
        fixed (T* pi = i, pf = f, pg = g, po = o, before = cellBefore, pc = cell, ph = hidden)
        {
            var streams = stackalloc nint[] { (nint)pi, (nint)pf, (nint)pg, (nint)po, (nint)before, (nint)pc, (nint)ph };
            LaneDriver.Run<LstmGatesBody<T>, LstmStateBody<T>, LstmHiddenBody<T>, T>(streams, i.Length);
        }
    }

    /// <summary>
    /// From the activated gates and the gradient at hidden and, from the step after, at cell: d = cellGradient + hiddenGradient o (1 - tanh(cell)^2);
    /// pre-activation gradients: iGradient = d g i (1 - i), fGradient = d cellBefore f (1 - f), gGradient = d i (1 - g^2),
    /// oGradient = hiddenGradient tanh(cell) o (1 - o); then cellGradient = d f, the gradient at cellBefore.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Backward<T>(ReadOnlySpan<T> i, ReadOnlySpan<T> f, ReadOnlySpan<T> g, ReadOnlySpan<T> o, ReadOnlySpan<T> cellBefore,
        ReadOnlySpan<T> cell, ReadOnlySpan<T> hiddenGradient, Span<T> cellGradient, Span<T> iGradient, Span<T> fGradient, Span<T> gGradient,
        Span<T> oGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        SpanGuard.SameLength(i.Length, f.Length, nameof(i), nameof(f));
        SpanGuard.SameLength(i.Length, g.Length, nameof(i), nameof(g));
        SpanGuard.SameLength(i.Length, o.Length, nameof(i), nameof(o));
        SpanGuard.SameLength(i.Length, cellBefore.Length, nameof(i), nameof(cellBefore));
        SpanGuard.SameLength(i.Length, cell.Length, nameof(i), nameof(cell));
        SpanGuard.SameLength(i.Length, hiddenGradient.Length, nameof(i), nameof(hiddenGradient));
        SpanGuard.SameLength(i.Length, cellGradient.Length, nameof(i), nameof(cellGradient));
        SpanGuard.SameLength(i.Length, iGradient.Length, nameof(i), nameof(iGradient));
        SpanGuard.SameLength(i.Length, fGradient.Length, nameof(i), nameof(fGradient));
        SpanGuard.SameLength(i.Length, gGradient.Length, nameof(i), nameof(gGradient));
        SpanGuard.SameLength(i.Length, oGradient.Length, nameof(i), nameof(oGradient));
        fixed (T* pi = i, pf = f, pg = g, po = o, before = cellBefore, pc = cell, dh = hiddenGradient)
        fixed (T* dc = cellGradient, di = iGradient, df = fGradient, dg = gGradient, d0 = oGradient)
        {
            var streams = stackalloc nint[]
            {
                (nint)pi, (nint)pf, (nint)pg, (nint)po, (nint)before, (nint)pc, (nint)dh,
                (nint)dc, (nint)di, (nint)df, (nint)dg, (nint)d0,
            };
            LaneDriver.Run<LstmBackwardBody<T>, T>(streams, i.Length);
        }
    }
}

/// <summary>Streams: i, f, g, o, cellBefore, cell, hidden; the three sigmoids, whose constants fit the registers of AVX2.</summary>
internal readonly unsafe struct LstmGatesBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public static int Streams => 7;

    public static int Written => 0b000_1011;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at)
        where V : unmanaged, ISimd<V, T>
    {
        V.Store(SigmoidBody<T>.Apply(V.Load(s[0] + at)), s[0] + at);
        V.Store(SigmoidBody<T>.Apply(V.Load(s[1] + at)), s[1] + at);
        V.Store(SigmoidBody<T>.Apply(V.Load(s[3] + at)), s[3] + at);
    }
}

/// <summary>The same streams: g and cell.</summary>
internal readonly unsafe struct LstmStateBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public static int Streams => 7;

    public static int Written => 0b010_0100;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at)
        where V : unmanaged, ISimd<V, T>
    {
        var g = TanhBody<T>.Apply(V.Load(s[2] + at));
        V.Store(g, s[2] + at);
        V.Store(V.FusedMultiplyAdd(V.Load(s[1] + at), V.Load(s[4] + at), V.Load(s[0] + at) * g), s[5] + at);
    }
}

/// <summary>The same streams: hidden.</summary>
internal readonly unsafe struct LstmHiddenBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public static int Streams => 7;

    public static int Written => 0b100_0000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at)
        where V : unmanaged, ISimd<V, T> => V.Store(V.Load(s[3] + at) * TanhBody<T>.Apply(V.Load(s[5] + at)), s[6] + at);
}

/// <summary>Streams: i, f, g, o, cellBefore, cell, hiddenGradient, cellGradient, iGradient, fGradient, gGradient, oGradient.</summary>
internal readonly unsafe struct LstmBackwardBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public static int Streams => 12;

    public static int Written => 0b1111_1000_0000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at)
        where V : unmanaged, ISimd<V, T>
    {
        var one = V.Broadcast(FloatFormat<T>.Number(1));
        var i = V.Load(s[0] + at);
        var f = V.Load(s[1] + at);
        var g = V.Load(s[2] + at);
        var o = V.Load(s[3] + at);
        var before = V.Load(s[4] + at);
        var hiddenGradient = V.Load(s[6] + at);
        var t = TanhBody<T>.Apply(V.Load(s[5] + at));
        var d = V.FusedMultiplyAdd(hiddenGradient * o, one - t * t, V.Load(s[7] + at));
        V.Store(d * f, s[7] + at);
        V.Store(d * g * (i * (one - i)), s[8] + at);
        V.Store(d * before * (f * (one - f)), s[9] + at);
        V.Store(d * i * (one - g * g), s[10] + at);
        V.Store(hiddenGradient * t * (o * (one - o)), s[11] + at);
    }
}
