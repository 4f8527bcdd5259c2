using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HTensor.Kernels;

/// <summary>
/// The loop of <see cref="LaneUnpack"/> for one channel or three, as images have, in 512 bits: scales and shifts stay in registers, which the
/// 32 of AVX-512 have room for. A block is 16 or 4 values, one more than a multiple of three, so channels turn by one place a block.
/// </summary>
internal static unsafe class LaneUnpackThree<TSource, T>
    where TSource : unmanaged
    where T : unmanaged
{
    private const int Width = LaneBlock.Width;

    private static int Values => 16 / sizeof(TSource);

    /// <summary>The bits of scale (a) and shift (b) for the lanes of the two halves of sixteen doubles, or, low alone, sixteen floats.</summary>
    private readonly struct Coefficients(Vector512<uint> aLow, Vector512<uint> aHigh, Vector512<uint> bLow, Vector512<uint> bHigh)
    {
        public readonly Vector512<uint> ALow = aLow, AHigh = aHigh, BLow = bLow, BHigh = bHigh;
    }

    /// <summary>Whole blocks from value 0 while they fit; returns where they end.</summary>
    [MethodImpl(Compile.Apart)]
    public static int Run(LaneUnpackTask<T> task)
    {
        var low = Vector512.Load((uint*)task.Mask);
        var high = sizeof(T) == 8 ? Vector512.Load((uint*)(task.Mask + Width / 2)) : low;
        var c0 = Masked(task, 0, low, high);
        var c1 = Masked(task, 1, low, high);
        var c2 = Masked(task, 2, low, high);
        var lanes = task.Lanes;
        var destination = task.Destination;
        var last = task.Count - Values;
        var i = 0;
        for (; i <= last; i += Values, destination += Values * Width)
        {
            var at = (nint)i * sizeof(TSource);
            var a = LaneWords512.Gather(lanes, at);
            var b = LaneWords512.Gather(lanes + 1, at);
            var c = LaneWords512.Gather(lanes + 2, at);
            var d = LaneWords512.Gather(lanes + 3, at);
            var abLow = LaneWords512.ZipLow(a, b);
            var abHigh = LaneWords512.ZipHigh(a, b);
            var cdLow = LaneWords512.ZipLow(c, d);
            var cdHigh = LaneWords512.ZipHigh(c, d);
            var step = Width * (4 / sizeof(TSource));
            Word(LaneWords512.PairLow(abLow, cdLow), c0, c1, c2, low, high, destination);
            Word(LaneWords512.PairHigh(abLow, cdLow), c1, c2, c0, low, high, destination + step);
            Word(LaneWords512.PairLow(abHigh, cdHigh), c2, c0, c1, low, high, destination + 2 * step);
            Word(LaneWords512.PairHigh(abHigh, cdHigh), c0, c1, c2, low, high, destination + 3 * step);
            (c0, c1, c2) = (c1, c2, c0);
        }

        return i;
    }

    /// <summary>The coefficients of value <paramref name="i"/>, zero where a lane is absent: a byte times them is zero.</summary>
    private static Coefficients Masked(LaneUnpackTask<T> task, int i, Vector512<uint> low, Vector512<uint> high)
    {
        var channel = (task.Phase + i) % task.Channels;
        var (a, b) = (Vector512.Create(task.Scale[channel]).AsUInt32(), Vector512.Create(task.Shift[channel]).AsUInt32());
        return new(a & low, a & high, b & low, b & high);
    }

    // A word of four bytes takes up four values, the next word begins one channel on; so does the next float.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Word(LaneWords512 words, in Coefficients c0, in Coefficients c1, in Coefficients c2, Vector512<uint> low, Vector512<uint> high, T* destination)
    {
        if (typeof(TSource) == typeof(float))
        {
            Store(words.Value.AsSingle(), c0, low, high, destination);
            return;
        }

        Store(LaneWords512.ByteToSingle(words, 0).Value.AsSingle(), c0, low, high, destination);
        Store(LaneWords512.ByteToSingle(words, 1).Value.AsSingle(), c1, low, high, destination + Width);
        Store(LaneWords512.ByteToSingle(words, 2).Value.AsSingle(), c2, low, high, destination + 2 * Width);
        Store(LaneWords512.ByteToSingle(words, 3).Value.AsSingle(), c0, low, high, destination + 3 * Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> x, in Coefficients c, Vector512<uint> low, Vector512<uint> high, T* destination)
    {
        if (typeof(T) == typeof(float))
        {
            Put(Vector512.FusedMultiplyAdd(x, c.ALow.AsSingle(), c.BLow.AsSingle()).AsUInt32(), low, destination);
            return;
        }

        Put(Vector512.FusedMultiplyAdd(Vector512.WidenLower(x), c.ALow.AsDouble(), c.BLow.AsDouble()).AsUInt32(), low, destination);
        Put(Vector512.FusedMultiplyAdd(Vector512.WidenUpper(x), c.AHigh.AsDouble(), c.BHigh.AsDouble()).AsUInt32(), high, destination + Width / 2);
    }

    /// <summary>A float may be no number, and then a product with zero is none either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<uint> y, Vector512<uint> mask, T* destination) =>
        (typeof(TSource) == typeof(float) ? y & mask : y).Store((uint*)destination);
}
