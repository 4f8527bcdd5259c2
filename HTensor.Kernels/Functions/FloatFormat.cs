using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>The constants of float or double, folded by the compiler for each.</summary>
internal static class FloatFormat<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Number(float single, double other) =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>(single) : Unsafe.BitCast<double, T>(other);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Number(double value) => Number((float)value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Bits(uint single, ulong other) =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<uint, T>(single) : Unsafe.BitCast<ulong, T>(other);
}
