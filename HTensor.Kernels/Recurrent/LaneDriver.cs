using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>Runs an <see cref="ILaneBody{T}"/> at the widest accelerated width; the tail goes through the same body on a padded copy.</summary>
internal static unsafe class LaneDriver
{
    private const int LargestStreams = 16;
    private const int LargestRegister = 64;

    /// <summary>A body without constants.</summary>
    public static void Run<TBody, T>(nint* streams, nint length)
        where TBody : struct, ILaneBody<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run<TBody, T>(default, streams, length);

    public static void Run<TBody, T>(TBody body, nint* streams, nint length)
        where TBody : struct, ILaneBody<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (SimdWidth.Bits)
        {
            case 512: Run<TBody, Simd512<T>, T>(body, (T**)streams, length); break;
            case 256: Run<TBody, Simd256<T>, T>(body, (T**)streams, length); break;
            case 128: Run<TBody, Simd128<T>, T>(body, (T**)streams, length); break;
            default: Run<TBody, SimdScalar<T>, T>(body, (T**)streams, length); break;
        }
    }

    public static void Run<TBody, V, T>(T** streams, nint length)
        where TBody : struct, ILaneBody<T>
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged => Run<TBody, V, T>(default, streams, length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TBody, V, T>(TBody body, T** streams, nint length)
        where TBody : struct, ILaneBody<T>
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        nint at = 0;
        for (; at + V.Count <= length; at += V.Count) body.Apply<V>(streams, at);
        if (at < length) RunTail<TBody, V, T>(body, streams, at, (uint)((length - at) * sizeof(T)));
    }

    // What is only read is not written back: its memory may be another stream that is written.
    [SkipLocalsInit]
    private static void RunTail<TBody, V, T>(TBody body, T** streams, nint at, uint bytes)
        where TBody : struct, ILaneBody<T>
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        var copies = stackalloc byte[LargestStreams * LargestRegister];
        var padded = stackalloc nint[LargestStreams];
        for (var s = 0; s < TBody.Streams; s++)
        {
            var copy = copies + s * LargestRegister;
            Unsafe.InitBlockUnaligned(copy, 0, LargestRegister);
            Unsafe.CopyBlockUnaligned(copy, streams[s] + at, bytes);
            padded[s] = (nint)copy;
        }

        body.Apply<V>((T**)padded, 0);
        for (var s = 0; s < TBody.Streams; s++)
        {
            if ((TBody.Written >> s & 1) != 0) Unsafe.CopyBlockUnaligned(streams[s] + at, (void*)padded[s], bytes);
        }
    }
}
