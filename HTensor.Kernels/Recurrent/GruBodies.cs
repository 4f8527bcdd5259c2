using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>Streams: r, z, q, n, hiddenBefore, hidden; n and hidden.</summary>
internal readonly unsafe struct GruHiddenBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public int Read => 0b01_1111;

    public int Written => 0b10_1000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        var n = TanhBody<T>.Apply(V.FusedMultiplyAdd(V.Load(s[0] + at), V.Load(s[2] + at), V.Load(s[3] + at)), constants);
        V.Store(n, s[3] + at);
        V.Store(V.FusedMultiplyAdd(V.Load(s[1] + at), V.Load(s[4] + at) - n, n), s[5] + at);
    }
}

/// <summary>Streams: r, z, q, n, hiddenBefore, hiddenGradient, rGradient, zGradient, qGradient, nGradient.</summary>
internal readonly unsafe struct GruBackwardBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public int Read => 0b11_1111;

    public int Written => 0b11_1110_0000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        var one = constants.One;
        var r = V.Load(s[0] + at);
        var z = V.Load(s[1] + at);
        var n = V.Load(s[3] + at);
        var hiddenGradient = V.Load(s[5] + at);
        var candidate = hiddenGradient * (one - z) * (one - n * n);
        V.Store(hiddenGradient * z, s[5] + at);
        V.Store(candidate * V.Load(s[2] + at) * (r * (one - r)), s[6] + at);
        V.Store(hiddenGradient * (V.Load(s[4] + at) - n) * (z * (one - z)), s[7] + at);
        V.Store(candidate * r, s[8] + at);
        V.Store(candidate, s[9] + at);
    }
}

/// <summary>Streams: r, z, hiddenBefore, resetHidden; r and resetHidden.</summary>
internal readonly unsafe struct GruResetForwardBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public int Read => 0b0101;

    public int Written => 0b1001;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        var r = SigmoidBody<T>.Apply(V.Load(s[0] + at), constants);
        V.Store(r, s[0] + at);
        V.Store(r * V.Load(s[2] + at), s[3] + at);
    }
}

/// <summary>Streams: z, n, hiddenBefore, hidden.</summary>
internal readonly unsafe struct GruCandidateForwardBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public int Read => 0b0111;

    public int Written => 0b1010;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        var n = TanhBody<T>.Apply(V.Load(s[1] + at), constants);
        V.Store(n, s[1] + at);
        V.Store(V.FusedMultiplyAdd(V.Load(s[0] + at), V.Load(s[2] + at) - n, n), s[3] + at);
    }
}

/// <summary>Streams: z, n, hiddenBefore, hiddenGradient, zGradient, nGradient.</summary>
internal readonly unsafe struct GruCandidateBackwardBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public int Read => 0b1111;

    public int Written => 0b11_1000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        var one = constants.One;
        var z = V.Load(s[0] + at);
        var n = V.Load(s[1] + at);
        var hiddenGradient = V.Load(s[3] + at);
        V.Store(hiddenGradient * z, s[3] + at);
        V.Store(hiddenGradient * (V.Load(s[2] + at) - n) * (z * (one - z)), s[4] + at);
        V.Store(hiddenGradient * (one - z) * (one - n * n), s[5] + at);
    }
}

/// <summary>Streams: r, hiddenBefore, resetHiddenGradient, hiddenBeforeGradient, rGradient.</summary>
internal readonly unsafe struct GruResetBackwardBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public int Read => 0b1111;

    public int Written => 0b1_1000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        var r = V.Load(s[0] + at);
        var gradient = V.Load(s[2] + at);
        V.Store(V.FusedMultiplyAdd(gradient, r, V.Load(s[3] + at)), s[3] + at);
        V.Store(gradient * V.Load(s[1] + at) * (r * (constants.One - r)), s[4] + at);
    }
}
