using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HTensor.Kernels;

/// <summary>Of float alone: four doubles do not fit, and <see cref="Quads"/> is 0.</summary>
internal readonly unsafe partial struct Simd128<T> : IQuads<Simd128<T>, T>
{
    public static int Quads => Vector128<T>.Count / 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> LoadQuads(T* source, nint stride) => Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreQuads(Simd128<T> value, T* destination, nint stride) => Store(value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> RepeatQuad(T* source) => Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> BroadcastInQuads(Simd128<T> value, int index) =>
        new(Vector128.Shuffle(value._value.AsSingle(), Vector128.Create(index)).As<float, T>());
}
