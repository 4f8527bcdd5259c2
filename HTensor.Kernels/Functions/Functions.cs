using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// Element-wise functions over spans of equal length; the destination may be the source itself. A value's bits depend on the value alone:
/// not on its position, the spans' length or the instruction set. NaN, infinities and subnormal numbers as IEEE 754 says.
/// </summary>
/// <exception cref="ArgumentException">The lengths differ, or the destination overlaps the source in part.</exception>
public static class Functions
{
    /// <summary>destination[i] = e^source[i], within 2 ulp.</summary>
    public static void Exp<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => UnaryDriver.Run<ExpBody<T>, T>(source, destination);

    /// <summary>destination[i] = ln source[i], within 2 ulp.</summary>
    public static void Log<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => UnaryDriver.Run<LogBody<T>, T>(source, destination);

    /// <summary>destination[i] = tanh source[i], within 4 ulp.</summary>
    public static void Tanh<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => UnaryDriver.Run<TanhBody<T>, T>(source, destination);

    /// <summary>destination[i] = 1 / (1 + e^-source[i]), within 4 ulp.</summary>
    public static void Sigmoid<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => UnaryDriver.Run<SigmoidBody<T>, T>(source, destination);
}
