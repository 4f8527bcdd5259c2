using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Brings frames into the samples-in-lanes layout: <c>destination[i][lane] = scale[c] x + shift[c]</c> with one rounding, where x is value
/// first + i of the lane's source, c = (first + i) mod channels, i in [0, count). An absent lane gives zeros. Lanes beyond those given are
/// absent. Sources are bytes in memory, of uint8 or of float32 in the machine's order (x64, ARM and WebAssembly: little-endian), which need not
/// be aligned. Destination and sources must not overlap. Nothing is allocated; bits are the same at every register width.
/// </summary>
/// <exception cref="ArgumentException">
/// More than sixteen lanes, no channel, scale and shift that differ in length, a lane that ends before value first + count, or a destination
/// below count * 16 elements.
/// </exception>
public static unsafe class LaneUnpack
{
    private const int Width = LaneBlock.Width;

    /// <summary>From uint8 in one memory: lane l starts at byte laneOffsets[l], and is absent if that is negative.</summary>
    public static void Bytes<T>(ReadOnlySpan<byte> source, ReadOnlySpan<int> laneOffsets, int first, int count,
        ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        FromOffsets<byte, T>(source, laneOffsets, first, count, scale, shift, destination);

    /// <summary>From float32 in one memory: lane l starts at byte laneOffsets[l], and is absent if that is negative.</summary>
    public static void Floats<T>(ReadOnlySpan<byte> source, ReadOnlySpan<int> laneOffsets, int first, int count,
        ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        FromOffsets<float, T>(source, laneOffsets, first, count, scale, shift, destination);

    /// <summary>From uint8 of memories of their own, a frame each: no copy into one is needed. An empty one is an absent lane.</summary>
    public static void Bytes<T>(ReadOnlySpan<ReadOnlyMemory<byte>> lanes, int first, int count,
        ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        FromMemories<byte, T>(lanes, first, count, scale, shift, destination);

    /// <summary>From float32 of memories of their own, a frame each: no copy into one is needed. An empty one is an absent lane.</summary>
    public static void Floats<T>(ReadOnlySpan<ReadOnlyMemory<byte>> lanes, int first, int count,
        ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        FromMemories<float, T>(lanes, first, count, scale, shift, destination);

    [SkipLocalsInit]
    private static void FromOffsets<TSource, T>(ReadOnlySpan<byte> source, ReadOnlySpan<int> laneOffsets, int first, int count,
        ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, Span<T> destination)
        where TSource : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Validate<T>(laneOffsets.Length, first, count, scale.Length, shift.Length, destination.Length);
        var end = ((long)first + count) * sizeof(TSource);
        var sources = stackalloc byte*[Width];
        fixed (byte* memory = source)
        {
            for (var lane = 0; lane < Width; lane++)
            {
                var offset = lane < laneOffsets.Length ? laneOffsets[lane] : -1;
                if (offset >= 0 && offset + end > source.Length) ThrowLane(lane, end, source.Length - (long)offset);
                sources[lane] = offset < 0 ? null : memory + offset;
            }

            Run<TSource, T>(sources, first, count, scale, shift, destination);
        }
    }

    [SkipLocalsInit]
    private static void FromMemories<TSource, T>(ReadOnlySpan<ReadOnlyMemory<byte>> lanes, int first, int count,
        ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, Span<T> destination)
        where TSource : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Validate<T>(lanes.Length, first, count, scale.Length, shift.Length, destination.Length);
        var end = ((long)first + count) * sizeof(TSource);

        // Sixteen pinned locals cost next to nothing; sixteen Memory.Pin would take a handle each.
        fixed (byte* p0 = Lane(lanes, 0, end), p1 = Lane(lanes, 1, end), p2 = Lane(lanes, 2, end), p3 = Lane(lanes, 3, end),
            p4 = Lane(lanes, 4, end), p5 = Lane(lanes, 5, end), p6 = Lane(lanes, 6, end), p7 = Lane(lanes, 7, end),
            p8 = Lane(lanes, 8, end), p9 = Lane(lanes, 9, end), p10 = Lane(lanes, 10, end), p11 = Lane(lanes, 11, end),
            p12 = Lane(lanes, 12, end), p13 = Lane(lanes, 13, end), p14 = Lane(lanes, 14, end), p15 = Lane(lanes, 15, end))
        {
            var sources = stackalloc byte*[] { p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15 };
            Run<TSource, T>(sources, first, count, scale, shift, destination);
        }
    }

    private static ReadOnlySpan<byte> Lane(ReadOnlySpan<ReadOnlyMemory<byte>> lanes, int lane, long end)
    {
        if (lane >= lanes.Length) return default;
        var span = lanes[lane].Span;
        if (!span.IsEmpty && span.Length < end) ThrowLane(lane, end, span.Length);
        return span;
    }

    /// <summary>Sources are valid from value 0 to first + count, or null.</summary>
    [SkipLocalsInit]
    private static void Run<TSource, T>(byte** sources, int first, int count, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, Span<T> destination)
        where TSource : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var mask = stackalloc T[Width];
        byte* present = null;
        for (var lane = 0; lane < Width; lane++)
            if (sources[lane] != null) present = sources[lane];
        if (count == 0) return;
        if (present == null)
        {
            destination[..(count * Width)].Clear();
            return;
        }

        // An absent lane reads what a present one reads, and the mask clears it.
        for (var lane = 0; lane < Width; lane++)
        {
            mask[lane] = sources[lane] == null ? default : FloatFormat<T>.Bits(uint.MaxValue, ulong.MaxValue);
            if (sources[lane] == null) sources[lane] = present;
            sources[lane] += (nint)first * sizeof(TSource);
        }

        fixed (T* a = scale, b = shift, y = destination)
        {
            var task = new LaneUnpackTask<T>
            {
                Lanes = sources,
                Mask = mask,
                Scale = a,
                Shift = b,
                Channels = scale.Length,
                Phase = first % scale.Length,
                Count = count,
                Destination = y,
            };
            switch (SimdWidth.Bits)
            {
                case 512: LaneUnpackTiles<LaneWords512, TSource, T>.Run(task); break;
                case 256: LaneUnpackTiles<LaneWords256, TSource, T>.Run(task); break;
                default: LaneUnpackTiles<LaneWords128, TSource, T>.Run(task); break;
            }
        }
    }

    private static void Validate<T>(int lanes, int first, int count, int scale, int shift, int destination)
    {
        ElementType.Validate<T>();
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (lanes > Width) throw new ArgumentException($"lanes: expected at most {Width}, found {lanes}", nameof(lanes));
        if (scale == 0) throw new ArgumentException("scale: expected one channel or more, found none", nameof(scale));
        SpanGuard.SameLength(scale, shift, nameof(scale), nameof(shift));
        if (destination < (long)count * Width)
            throw new ArgumentException($"destination: expected at least {(long)count * Width} elements, {count} blocks of {Width}, found {destination}", nameof(destination));
    }

    private static void ThrowLane(int lane, long expected, long found) =>
        throw new ArgumentException($"lane {lane}: expected at least {expected} bytes, up to value first + count, found {Math.Max(found, 0)}");
}
