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
    /// <exception cref="ArgumentException">The lengths differ, or what is written overlaps another span, other than by being one that is read.</exception>
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
            var passes = LaneDriver.First<SigmoidGateBody<T>, T>(new(0)).Then(new SigmoidGateBody<T>(1)).Then(new SigmoidGateBody<T>(3))
                .Then(default(LstmStateBody<T>)).Then(default(LstmHiddenBody<T>));
            passes.Run([(nint)pi, (nint)pf, (nint)pg, (nint)po, (nint)before, (nint)pc, (nint)ph], "i f g o cellBefore cell hidden", i.Length);
        }
    }

    /// <summary>
    /// From the activated gates and the gradient at hidden and, from the step after, at cell: d = cellGradient + hiddenGradient o (1 - tanh(cell)^2);
    /// pre-activation gradients: iGradient = d g i (1 - i), fGradient = d cellBefore f (1 - f), gGradient = d i (1 - g^2),
    /// oGradient = hiddenGradient tanh(cell) o (1 - o); then cellGradient = d f, the gradient at cellBefore.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ, or what is written overlaps another span, other than by being one that is read.</exception>
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
            LaneDriver.Run<LstmBackwardBody<T>, T>(
                default,
                [
                    (nint)pi, (nint)pf, (nint)pg, (nint)po, (nint)before, (nint)pc, (nint)dh,
                    (nint)dc, (nint)di, (nint)df, (nint)dg, (nint)d0,
                ],
                "i f g o cellBefore cell hiddenGradient cellGradient iGradient fGradient gGradient oGradient",
                i.Length);
        }
    }
}

/// <summary>A gate's sigmoid, in place. Each gate has a pass of its own: see <see cref="StreamOrder"/>.</summary>
internal readonly unsafe struct SigmoidGateBody<T>(int stream) : ILaneBody<T>
    where T : unmanaged
{
    private readonly int _stream = stream;

    public int Read => 1 << _stream;

    public int Written => 1 << _stream;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T> => V.Store(SigmoidBody<T>.Apply(V.Load(s[_stream] + at), constants), s[_stream] + at);
}

/// <summary>Streams: i, f, g, o, cellBefore, cell, hidden; g and cell.</summary>
internal readonly unsafe struct LstmStateBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public int Read => 0b001_0111;

    public int Written => 0b010_0100;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        var g = TanhBody<T>.Apply(V.Load(s[2] + at), constants);
        V.Store(g, s[2] + at);
        V.Store(V.FusedMultiplyAdd(V.Load(s[1] + at), V.Load(s[4] + at), V.Load(s[0] + at) * g), s[5] + at);
    }
}

/// <summary>The same streams: hidden.</summary>
internal readonly unsafe struct LstmHiddenBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public int Read => 0b010_1000;

    public int Written => 0b100_0000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T> => V.Store(V.Load(s[3] + at) * TanhBody<T>.Apply(V.Load(s[5] + at), constants), s[6] + at);
}

/// <summary>Streams: i, f, g, o, cellBefore, cell, hiddenGradient, cellGradient, iGradient, fGradient, gGradient, oGradient.</summary>
internal readonly unsafe struct LstmBackwardBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public int Read => 0b1111_1111;

    public int Written => 0b1111_1000_0000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        var one = constants.One;
        var i = V.Load(s[0] + at);
        var f = V.Load(s[1] + at);
        var g = V.Load(s[2] + at);
        var o = V.Load(s[3] + at);
        var before = V.Load(s[4] + at);
        var hiddenGradient = V.Load(s[6] + at);
        var t = TanhBody<T>.Apply(V.Load(s[5] + at), constants);
        var d = V.FusedMultiplyAdd(hiddenGradient * o, one - t * t, V.Load(s[7] + at));
        V.Store(d * f, s[7] + at);
        V.Store(d * g * (i * (one - i)), s[8] + at);
        V.Store(d * before * (f * (one - f)), s[9] + at);
        V.Store(d * i * (one - g * g), s[10] + at);
        V.Store(hiddenGradient * t * (o * (one - o)), s[11] + at);
    }
}
