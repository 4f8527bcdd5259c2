using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>Stored values, bytes or floats, as numbers: <c>y[i] = scale[c] x[i] + shift[c]</c> with one rounding, c = i mod channels.</summary>
public static class ChannelScaling
{
    /// <exception cref="ArgumentException">Scale and shift differ in length or are empty, or the destination is shorter than the source.</exception>
    /// <exception cref="NotSupportedException">The source is neither of bytes nor of floats.</exception>
    public static void Apply<TSource>(ReadOnlySpan<TSource> source, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, Span<float> destination)
        where TSource : unmanaged
    {
        if (scale.IsEmpty || shift.Length != scale.Length) throw new ArgumentException($"scale and shift: expected as many of both, one or more, found {scale.Length} and {shift.Length}");
        if (destination.Length < source.Length) throw new ArgumentException($"destination: expected at least {source.Length} elements, found {destination.Length}", nameof(destination));
        for (int i = 0, c = 0; i < source.Length; i++, c = c + 1 == scale.Length ? 0 : c + 1) destination[i] = float.FusedMultiplyAdd(scale[c], Number(source[i]), shift[c]);
    }

    /// <summary>A byte or a float as a number.</summary>
    /// <exception cref="NotSupportedException">It is neither.</exception>
    public static float Number<TSource>(TSource value)
        where TSource : unmanaged
    {
        if (typeof(TSource) == typeof(byte)) return Unsafe.As<TSource, byte>(ref value);
        if (typeof(TSource) == typeof(float)) return Unsafe.As<TSource, float>(ref value);
        throw new NotSupportedException($"stored values: expected bytes or floats, found {typeof(TSource).Name}");
    }
}
