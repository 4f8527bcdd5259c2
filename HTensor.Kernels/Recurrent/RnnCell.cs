using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>The plain recurrent cell over flat spans of equal length: hidden = tanh(z).</summary>
public static unsafe class RnnCell
{
    /// <summary>hidden = tanh(hidden), in place, from the pre-activation.</summary>
    public static void Forward<T>(Span<T> hidden)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Functions.Tanh(hidden, hidden);

    /// <summary>gradient = hiddenGradient (1 - hidden^2), at the pre-activation.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or what is written overlaps another span, other than by being one that is read.</exception>
    public static void Backward<T>(ReadOnlySpan<T> hidden, ReadOnlySpan<T> hiddenGradient, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        SpanGuard.SameLength(hidden.Length, hiddenGradient.Length, nameof(hidden), nameof(hiddenGradient));
        SpanGuard.SameLength(hidden.Length, gradient.Length, nameof(hidden), nameof(gradient));
        fixed (T* h = hidden, dh = hiddenGradient, dz = gradient)
        {
            LaneDriver.Run<RnnBackwardBody<T>, T>(default, [(nint)h, (nint)dh, (nint)dz], "hidden hiddenGradient gradient", hidden.Length);
        }
    }
}

/// <summary>Streams: hidden, hiddenGradient, gradient.</summary>
internal readonly unsafe struct RnnBackwardBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public int Read => 0b011;

    public int Written => 0b100;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        var h = V.Load(s[0] + at);
        V.Store(V.Load(s[1] + at) * (constants.One - h * h), s[2] + at);
    }
}
