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
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Backward<T>(ReadOnlySpan<T> hidden, ReadOnlySpan<T> hiddenGradient, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        SpanGuard.SameLength(hidden.Length, hiddenGradient.Length, nameof(hidden), nameof(hiddenGradient));
        SpanGuard.SameLength(hidden.Length, gradient.Length, nameof(hidden), nameof(gradient));
        fixed (T* h = hidden, dh = hiddenGradient, dz = gradient)
        {
            var streams = stackalloc nint[] { (nint)h, (nint)dh, (nint)dz };
            LaneDriver.Run<RnnBackwardBody<T>, T>(streams, hidden.Length);
        }
    }
}

/// <summary>Streams: hidden, hiddenGradient, gradient.</summary>
internal readonly unsafe struct RnnBackwardBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public static int Streams => 3;

    public static int Written => 0b100;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at)
        where V : unmanaged, ISimd<V, T>
    {
        var h = V.Load(s[0] + at);
        V.Store(V.Load(s[1] + at) * (V.Broadcast(FloatFormat<T>.Number(1)) - h * h), s[2] + at);
    }
}
