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

    /// <summary>Of a stream that is done before it matters from which end.</summary>
    private const int ShortBytes = 1024;

    public static LanePass<TBody, T> First<TBody, T>(TBody body)
        where TBody : struct, ILaneBody<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(body);

    public static void Run<TBody, T>(TBody body, ReadOnlySpan<nint> streams, string names, nint length)
        where TBody : struct, ILaneBody<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => RunPasses<LanePass<TBody, T>, T>(new(body), streams, names, length);

    /// <summary>
    /// Several bodies, one after the other, block by block in the first-level cache: each is one function deep, so that the processor works at several
    /// registers at a time, where a chain of functions would fill its queues with what waits. The streams' names are separated by blanks.
    /// </summary>
    /// <exception cref="ArgumentException">What is written overlaps another stream.</exception>
    public static void RunPasses<TPasses, T>(TPasses passes, ReadOnlySpan<nint> streams, string names, nint length)
        where TPasses : struct, ILanePasses<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (nint* s = streams)
        {
            StreamOrder.Apart(s, passes.Read, passes.Written, length * sizeof(T), names);
            var descends = length * sizeof(T) > ShortBytes && passes.Clashes(s) > 0;
            switch (SimdWidth.Bits)
            {
                case 512: Run<TPasses, Simd512<T>, T>(passes, (T**)s, streams.Length, length, descends, default); break;
                case 256: Run<TPasses, Simd256<T>, T>(passes, (T**)s, streams.Length, length, descends, default); break;
                case 128: Run<TPasses, Simd128<T>, T>(passes, (T**)s, streams.Length, length, descends, default); break;
                default: Run<TPasses, SimdScalar<T>, T>(passes, (T**)s, streams.Length, length, descends, default); break;
            }
        }
    }

    [MethodImpl(Compile.Apart)]
    public static void Run<TPasses, V, T>(TPasses passes, T** streams, int count, nint length, bool descends, T zero)
        where TPasses : struct, ILanePasses<T>
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        var constants = new FunctionConstants<V, T>(V.Broadcast(zero));
        nint left = length / V.Count, block = TPasses.Count == 1 ? left : BlockBytes / sizeof(T) / V.Count;
        nint at = descends ? (left - 1) * V.Count : 0, step = descends ? -V.Count : V.Count;
        for (; left > 0; left -= block)
        {
            block = nint.Min(block, left);
            passes.Block(streams, at, step, block, constants);
            at += block * step;
        }

        var rest = length % V.Count;
        if (rest > 0) RunTail<TPasses, V, T>(passes, streams, count, length - rest, (uint)(rest * sizeof(T)));
    }

    // What is only read is not written back: its memory may be another stream that is written.
    [SkipLocalsInit]
    private static void RunTail<TPasses, V, T>(TPasses passes, T** streams, int count, nint at, uint bytes)
        where TPasses : struct, ILanePasses<T>
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        var copies = stackalloc byte[LargestStreams * LargestRegister];
        var padded = stackalloc nint[LargestStreams];
        for (var s = 0; s < count; s++)
        {
            var copy = copies + s * LargestRegister;
            Unsafe.InitBlockUnaligned(copy, 0, LargestRegister);
            Unsafe.CopyBlockUnaligned(copy, streams[s] + at, bytes);
            padded[s] = (nint)copy;
        }

        passes.Apply((T**)padded, 0, new FunctionConstants<V, T>(default));
        for (var s = 0; s < count; s++)
        {
            if ((passes.Written >> s & 1) != 0) Unsafe.CopyBlockUnaligned(streams[s] + at, (void*)padded[s], bytes);
        }
    }
}
