using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>Sixteen sources of byte or float, all of which may be read in [0, count); the mask is clear where a lane is absent.</summary>
internal unsafe ref struct LaneUnpackTask<T>
    where T : unmanaged
{
    /// <summary>[16], value 0 of each lane.</summary>
    public byte** Lanes;

    /// <summary>[16], all bits or none.</summary>
    public T* Mask;

    /// <summary>[channels]</summary>
    public T* Scale, Shift;

    public int Channels;

    /// <summary>Channel of value 0.</summary>
    public int Phase;

    public int Count;

    /// <summary>[count][16]</summary>
    public T* Destination;
}

/// <summary>
/// The loop of <see cref="LaneUnpack"/>: 16 bytes of every lane at a time, that is 16 bytes or 4 floats. Four sources a group of lanes are
/// transposed as 4 x 4 words of 32 bits; a word is a float, or four bytes that shifts take apart.
/// </summary>
internal static unsafe class LaneUnpackTiles<TWords, TSource, T>
    where TWords : unmanaged, ILaneWords<TWords>
    where TSource : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BlockBytes = 16;
    private const int Width = LaneBlock.Width;

    private static int Values => BlockBytes / sizeof(TSource);

    [SkipLocalsInit]
    public static void Run(LaneUnpackTask<T> task)
    {
        // Few channels are repeated until a block can read on without a wrap.
        var table = stackalloc T[4 * BlockBytes];
        var length = task.Channels;
        if (task.Channels < BlockBytes)
        {
            length = task.Channels + BlockBytes - 1;
            Repeat(ref task, table, length, 0);
            task.Scale = table;
            task.Shift = table + 2 * BlockBytes;
        }

        if (task.Count < Values) RunShort(task, length);
        else RunBlocks(task, length);
    }

    [MethodImpl(Compile.Apart)]
    private static void RunBlocks(LaneUnpackTask<T> task, int length)
    {
        var step = Values % task.Channels;
        var last = task.Count - Values;
        var i = TWords.Count == Width && task.Channels is 1 or 3 ? LaneUnpackThree<TSource, T>.Run(task) : 0;
        if (i == task.Count) return;
        var phase = (int)((task.Phase + (long)i) % task.Channels);
        for (; ; i += Values)
        {
            // What is left after whole blocks is part of one more block that ends at the end: some values are written twice.
            if (i > last)
            {
                i = last;
                phase = (int)((task.Phase + (long)i) % task.Channels);
            }

            if (phase + Values > length) BlockAcrossWrap(task, i, phase);
            else Block(task.Lanes, (nint)i * sizeof(TSource), task.Scale + phase, task.Shift + phase, task.Mask, task.Destination + (nint)i * Width);
            if (i == last) return;
            phase += step;
            if (phase >= task.Channels) phase -= task.Channels;
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void BlockAcrossWrap(LaneUnpackTask<T> task, int i, int phase)
    {
        var table = stackalloc T[4 * BlockBytes];
        Repeat(ref task, table, Values, phase);
        Block(task.Lanes, (nint)i * sizeof(TSource), table, table + 2 * BlockBytes, task.Mask, task.Destination + (nint)i * Width);
    }

    /// <summary>Fewer values than a block: through copies that may be read and written whole.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunShort(LaneUnpackTask<T> task, int length)
    {
        var sources = stackalloc byte[Width * BlockBytes];
        var lanes = stackalloc byte*[Width];
        var result = stackalloc T[BlockBytes * Width];
        Unsafe.InitBlockUnaligned(sources, 0, Width * BlockBytes);
        for (var lane = 0; lane < Width; lane++)
        {
            lanes[lane] = sources + lane * BlockBytes;
            Unsafe.CopyBlockUnaligned(lanes[lane], task.Lanes[lane], (uint)(task.Count * sizeof(TSource)));
        }

        var destination = task.Destination;
        task.Lanes = lanes;
        task.Destination = result;
        if (task.Phase + Values <= length) Block(lanes, 0, task.Scale + task.Phase, task.Shift + task.Phase, task.Mask, result);
        else BlockAcrossWrap(task, 0, task.Phase);
        Unsafe.CopyBlockUnaligned(destination, result, (uint)(task.Count * Width * sizeof(T)));
    }

    private static void Repeat(ref LaneUnpackTask<T> task, T* table, int length, int phase)
    {
        for (var i = 0; i < length; i++)
        {
            table[i] = task.Scale[phase];
            table[2 * BlockBytes + i] = task.Shift[phase];
            if (++phase == task.Channels) phase = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(byte** lanes, nint at, T* scale, T* shift, T* mask, T* destination)
    {
        for (var group = 0; group < Width; group += TWords.Count)
        {
            var low = TWords.Load(mask + group);
            var high = sizeof(T) == 8 ? TWords.Load(mask + group + TWords.Count / 2) : low;
            var a = TWords.Gather(lanes + group, at);
            var b = TWords.Gather(lanes + group + 1, at);
            var c = TWords.Gather(lanes + group + 2, at);
            var d = TWords.Gather(lanes + group + 3, at);
            var abLow = TWords.ZipLow(a, b);
            var abHigh = TWords.ZipHigh(a, b);
            var cdLow = TWords.ZipLow(c, d);
            var cdHigh = TWords.ZipHigh(c, d);
            Word(TWords.PairLow(abLow, cdLow), 0, scale, shift, low, high, destination + group);
            Word(TWords.PairHigh(abLow, cdLow), 1, scale, shift, low, high, destination + group);
            Word(TWords.PairLow(abHigh, cdHigh), 2, scale, shift, low, high, destination + group);
            Word(TWords.PairHigh(abHigh, cdHigh), 3, scale, shift, low, high, destination + group);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Word(TWords words, int index, T* scale, T* shift, TWords low, TWords high, T* destination)
    {
        if (typeof(TSource) == typeof(float))
        {
            TWords.StoreScaled(words, scale[index], shift[index], low, high, destination + index * Width);
            return;
        }

        scale += 4 * index;
        shift += 4 * index;
        destination += 4 * index * Width;
        TWords.StoreScaled(TWords.ByteToSingle(words, 0), scale[0], shift[0], low, high, destination);
        TWords.StoreScaled(TWords.ByteToSingle(words, 1), scale[1], shift[1], low, high, destination + Width);
        TWords.StoreScaled(TWords.ByteToSingle(words, 2), scale[2], shift[2], low, high, destination + 2 * Width);
        TWords.StoreScaled(TWords.ByteToSingle(words, 3), scale[3], shift[3], low, high, destination + 3 * Width);
    }
}
