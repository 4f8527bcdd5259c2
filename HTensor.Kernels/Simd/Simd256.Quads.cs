using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HTensor.Kernels;

internal readonly unsafe partial struct Simd256<T> : IQuads<Simd256<T>, T>
{
    public static int Quads => Vector256<T>.Count / 4;

    public Vector256<T> Value => _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> LoadQuads(T* source, nint stride) => typeof(T) == typeof(float)
        ? new(Vector256.Create(Vector128.Load(source), Vector128.Load(source + stride)))
        : Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreQuads(Simd256<T> value, T* destination, nint stride)
    {
        if (typeof(T) == typeof(double))
        {
            value._value.Store(destination);
            return;
        }

        value._value.GetLower().Store(destination);
        value._value.GetUpper().Store(destination + stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> RepeatQuad(T* source) => typeof(T) == typeof(float) && Avx.IsSupported
        ? new(Avx.BroadcastVector128ToVector256((float*)source).As<float, T>())
        : LoadQuads(source, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> BroadcastInQuads(Simd256<T> value, int index) => typeof(T) == typeof(float)
        ? new(Vector256.Shuffle(value._value.AsSingle(), Vector256.Create(index, index, index, index, index + 4, index + 4, index + 4, index + 4)).As<float, T>())
        : new(Vector256.Shuffle(value._value.AsDouble(), Vector256.Create((long)index)).As<double, T>());
}
