using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>Runs an <see cref="ILaneBody{T}"/> at the widest accelerated width; the tail goes through the same body on a padded copy.</summary>
internal static unsafe class LaneDriver
{
    private const int LargestStreams = 16;
    private const int LargestRegister = 64;

    /// <summary>Of a stream, between two bodies; all streams of a block stay in the first-level cache.</summary>
    private const int BlockBytes = 2048;

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

    /// <summary>
    /// Three bodies over the same streams, one after the other, block by block in the first-level cache: each is one function deep, so that the
    /// processor works at several registers at a time, where a chain of functions would fill its queues with what waits.
    /// </summary>
    public static void Run<TFirst, TSecond, TThird, T>(nint* streams, nint length)
        where TFirst : struct, ILaneBody<T>
        where TSecond : struct, ILaneBody<T>
        where TThird : struct, ILaneBody<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (SimdWidth.Bits)
        {
            case 512: Blocks<TFirst, TSecond, TThird, Simd512<T>, T>((T**)streams, length); break;
            case 256: Blocks<TFirst, TSecond, TThird, Simd256<T>, T>((T**)streams, length); break;
            case 128: Blocks<TFirst, TSecond, TThird, Simd128<T>, T>((T**)streams, length); break;
            default: Blocks<TFirst, TSecond, TThird, SimdScalar<T>, T>((T**)streams, length); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Blocks<TFirst, TSecond, TThird, V, T>(T** streams, nint length)
        where TFirst : struct, ILaneBody<T>
        where TSecond : struct, ILaneBody<T>
        where TThird : struct, ILaneBody<T>
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        var (first, second, third) = (default(TFirst), default(TSecond), default(TThird));
        nint start = 0, full = length / V.Count * V.Count, end;
        for (; start < full; start = end)
        {
            end = nint.Min(start + BlockBytes / sizeof(T), full);
            for (var at = start; at < end; at += V.Count) first.Apply<V>(streams, at);
            for (var at = start; at < end; at += V.Count) second.Apply<V>(streams, at);
            for (var at = start; at < end; at += V.Count) third.Apply<V>(streams, at);
        }

        if (full == length) return;
        var bytes = (uint)((length - full) * sizeof(T));
        RunTail<TFirst, V, T>(first, streams, full, bytes);
        RunTail<TSecond, V, T>(second, streams, full, bytes);
        RunTail<TThird, V, T>(third, streams, full, bytes);
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
