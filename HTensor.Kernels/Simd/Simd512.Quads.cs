using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HTensor.Kernels;

internal readonly unsafe partial struct Simd512<T> : IQuads<Simd512<T>, T>
{
    public static int Quads => Vector512<T>.Count / 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> LoadQuads(T* source, nint stride) => typeof(T) == typeof(float)
        ? Both(
            Vector256.Create(Vector128.Load(source), Vector128.Load(source + stride)),
            Vector256.Create(Vector128.Load(source + 2 * stride), Vector128.Load(source + 3 * stride)))
        : Both(Vector256.Load(source), Vector256.Load(source + stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreQuads(Simd512<T> value, T* destination, nint stride)
    {
        var (lower, upper) = (value._value.GetLower(), value._value.GetUpper());
        if (typeof(T) == typeof(double))
        {
            lower.Store(destination);
            upper.Store(destination + stride);
            return;
        }

        lower.GetLower().Store(destination);
        lower.GetUpper().Store(destination + stride);
        upper.GetLower().Store(destination + 2 * stride);
        upper.GetUpper().Store(destination + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> RepeatQuad(T* source)
    {
        // Not BroadcastVector256ToVector512 of doubles: .NET 10.0.12 encodes its displacement for 16 bytes where the processor counts in 32.
        return typeof(T) == typeof(float) && Avx512F.IsSupported
            ? new(Avx512F.BroadcastVector128ToVector512((float*)source).As<float, T>())
            : LoadQuads(source, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> BroadcastInQuads(Simd512<T> value, int index)
    {
        var v = value._value;
        if (!Avx512F.IsSupported)
        {
            return Both(
                Simd256<T>.BroadcastInQuads(new(v.GetLower()), index).Value,
                Simd256<T>.BroadcastInQuads(new(v.GetUpper()), index).Value);
        }

        if (typeof(T) == typeof(double))
        {
            return index switch
            {
                0 => new(Avx512F.Permute4x64(v.AsDouble(), 0x00).As<double, T>()),
                1 => new(Avx512F.Permute4x64(v.AsDouble(), 0x55).As<double, T>()),
                2 => new(Avx512F.Permute4x64(v.AsDouble(), 0xAA).As<double, T>()),
                _ => new(Avx512F.Permute4x64(v.AsDouble(), 0xFF).As<double, T>()),
            };
        }

        return index switch
        {
            0 => new(Avx512F.Permute4x32(v.AsSingle(), 0x00).As<float, T>()),
            1 => new(Avx512F.Permute4x32(v.AsSingle(), 0x55).As<float, T>()),
            2 => new(Avx512F.Permute4x32(v.AsSingle(), 0xAA).As<float, T>()),
            _ => new(Avx512F.Permute4x32(v.AsSingle(), 0xFF).As<float, T>()),
        };
    }

    // Vector512.Create of two halves inserts both into a register's old value, which a loop then has to wait for.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Simd512<T> Both(Vector256<T> lower, Vector256<T> upper) => new(lower.ToVector512Unsafe().WithUpper(upper));
}
