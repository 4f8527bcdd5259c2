using System.Numerics;
using System.Runtime.InteropServices;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class LaneUnpackTests
{
    private const int Width = LaneBlock.Width;
    private const int Guard = 40;
    private const int LongestFrame = 600;

    [Fact]
    public void Every_count_and_channel_is_the_equation_with_one_rounding()
    {
        for (var count = 0; count <= 130; count++)
        {
            var channels = 1 + count % 5;
            Check<byte, float>(count, count * 7 % 11, channels, absent: 0);
            Check<byte, double>(count, count * 5 % 13, channels, absent: 0b1000_0000_0010_0001);
            Check<float, float>(count, count * 3 % 17, channels, absent: 0b0111_1111_0000_0000);
            Check<float, double>(count, count * 7 % 11, channels, absent: 0);
        }
    }

    [Fact]
    public void Every_channel_count_wraps_rightly()
    {
        foreach (var channels in (int[])[1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 17, 18, 31, 40, 300])
        {
            foreach (var first in (int[])[0, 1, 5, 16, 299, 401])
            {
                Check<byte, float>(147, first, channels, absent: 0);
                Check<byte, float>(9, first, channels, absent: 0);
                Check<float, double>(75, first, channels, absent: 0);
                Check<float, float>(2, first, channels, absent: 0);
            }
        }
    }

    [Fact]
    public void An_absent_lane_is_positive_zero_whatever_stands_elsewhere()
    {
        for (var lane = 0; lane < Width; lane++) Check<byte, float>(35, 2, 3, 1 << lane);
        Check<byte, float>(35, 2, 3, 0xFFFF);
        Check<byte, double>(3, 2, 3, 0xFFFF);
        Check<float, float>(35, 2, 3, 0xFFFE);
        Check<float, double>(5, 2, 3, 0x7FFF);
    }

    [Fact]
    public void Every_width_has_the_same_bits()
    {
        foreach (var count in (int[])[1, 3, 4, 15, 16, 17, 63, 130])
        {
            SameAtEveryWidth<byte, float>(count);
            SameAtEveryWidth<byte, double>(count);
            SameAtEveryWidth<float, float>(count);
            SameAtEveryWidth<float, double>(count);
        }
    }

    [Fact]
    public void Memories_give_what_offsets_give()
    {
        for (var count = 0; count <= 40; count++)
        {
            MemoriesAgree<byte, float>(count);
            MemoriesAgree<float, double>(count);
        }
    }

    [Fact]
    public void Lanes_beyond_those_given_are_absent()
    {
        var source = Source<byte>();
        var destination = new float[20 * Width];
        Array.Fill(destination, float.NaN);
        LaneUnpack.Bytes<float>(source, [5, 0], 0, 20, [2f], [1f], destination);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(2f * source[5 + i] + 1, destination[i * Width]);
            Assert.Equal(2f * source[i] + 1, destination[i * Width + 1]);
            for (var lane = 2; lane < Width; lane++) Assert.Equal(0f, destination[i * Width + lane]);
        }
    }

    [Fact]
    public void What_is_not_finite_stays_in_its_own_lane()
    {
        var values = new float[Width * 8];
        values[3 * 8 + 5] = float.NaN;
        values[4 * 8 + 5] = float.NegativeInfinity;
        int[] offsets = [.. Enumerable.Range(0, Width).Select(lane => lane == 9 ? -1 : lane * 8 * sizeof(float))];
        var destination = new double[8 * Width];
        LaneUnpack.Floats<double>(MemoryMarshal.AsBytes<float>(values), offsets, 0, 8, [1.0], [0.0], destination);
        for (var i = 0; i < 8; i++)
        {
            for (var lane = 0; lane < Width; lane++)
                Assert.Equal(i != 5 ? 0.0 : lane == 3 ? double.NaN : lane == 4 ? double.NegativeInfinity : 0.0, destination[i * Width + lane]);
        }
    }

    [Fact]
    public void Wrong_lengths_are_named()
    {
        var source = new byte[100];
        var destination = new float[10 * Width];
        Assert.Contains("lane 1: expected at least 12 bytes", Message(() => LaneUnpack.Bytes<float>(source, [0, 89], 2, 10, [1f], [1f], destination)), StringComparison.Ordinal);
        Assert.Contains("found 11", Message(() => LaneUnpack.Bytes<float>(source, [0, 89], 2, 10, [1f], [1f], destination)), StringComparison.Ordinal);
        Assert.Contains("lane 0: expected at least 48 bytes", Message(() => LaneUnpack.Floats<float>(source, [53], 2, 10, [1f], [1f], destination)), StringComparison.Ordinal);
        Assert.Contains("lane 0: expected at least 11 bytes", Message(() => LaneUnpack.Bytes<float>([source.AsMemory(0, 10)], 1, 10, [1f], [1f], destination)), StringComparison.Ordinal);
        Assert.Contains("lanes: expected at most 16, found 17", Message(() => LaneUnpack.Bytes<float>(source, new int[17], 0, 10, [1f], [1f], destination)), StringComparison.Ordinal);
        Assert.Contains("one channel or more", Message(() => LaneUnpack.Bytes<float>(source, [0], 0, 10, [], [], destination)), StringComparison.Ordinal);
        Assert.Contains("length of shift: expected 2", Message(() => LaneUnpack.Bytes<float>(source, [0], 0, 10, [1f, 2f], [1f], destination)), StringComparison.Ordinal);
        Assert.Contains("destination: expected at least 176", Message(() => LaneUnpack.Bytes<float>(source, [0], 0, 11, [1f], [1f], destination)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LaneUnpack.Bytes<float>(source, [0], -1, 10, [1f], [1f], destination));
        Assert.Throws<ArgumentOutOfRangeException>(() => LaneUnpack.Bytes<float>(source, [0], 0, -1, [1f], [1f], destination));
        Assert.Contains("lane 0", Message(() => LaneUnpack.Bytes<float>(source, [0], int.MaxValue, 10, [1f], [1f], destination)), StringComparison.Ordinal);
        LaneUnpack.Bytes<float>(source, [90], 0, 10, [1f], [1f], destination);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var source = Source<byte>();
        var destination = new float[100 * Width];
        ReadOnlyMemory<byte>[] memories = [source, source];
        int[] offsets = [1, 2, -1];
        float[] scale = [1, 2, 3];
        void Run()
        {
            LaneUnpack.Bytes<float>(source, offsets, 1, 100, scale, scale, destination);
            LaneUnpack.Bytes<float>(memories, 1, 7, scale, scale, destination);
        }

        Run();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 10; i++) Run();
        }));
    }

    private static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;

    private static unsafe void Check<TSource, T>(int count, int first, int channels, int absent)
        where TSource : unmanaged, INumberBase<TSource>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The last lane ends where the source ends: nothing may be read beyond.
        var (values, scale, shift) = (Source<TSource>(), Numbers<T>(1, channels), Numbers<T>(2, channels));
        var offsets = Offsets<TSource>(values.Length, first, count, absent);
        var destination = new T[Guard + count * Width + Guard];
        Array.Fill(destination, T.NaN);
        var inside = destination.AsSpan(Guard, count * Width);
        if (typeof(TSource) == typeof(byte)) LaneUnpack.Bytes(values, offsets, first, count, scale, shift, inside);
        else LaneUnpack.Floats(values, offsets, first, count, scale, shift, inside);

        for (var i = 0; i < count; i++)
        {
            var channel = (first + i) % channels;
            for (var lane = 0; lane < Width; lane++)
            {
                var expected = T.Zero;
                if (offsets[lane] >= 0)
                {
                    var x = MemoryMarshal.Read<TSource>(values.AsSpan(offsets[lane] + (first + i) * sizeof(TSource)));
                    expected = T.FusedMultiplyAdd(scale[channel], T.CreateChecked(x), shift[channel]);
                }

                var found = inside[i * Width + lane];
                if (!Same(expected, found)) Assert.Fail($"count {count}, first {first}, channels {channels}: value {i}, lane {lane}: expected {expected}, found {found}");
            }
        }

        Assert.All(destination[..Guard], value => Assert.True(T.IsNaN(value)));
        Assert.All(destination[(Guard + count * Width)..], value => Assert.True(T.IsNaN(value)));
    }

    private static unsafe void SameAtEveryWidth<TSource, T>(int count)
        where TSource : unmanaged, INumberBase<TSource>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var channels in (int[])[1, 3, 20])
        {
            var (values, scale, shift) = (Source<TSource>(), Numbers<T>(1, channels), Numbers<T>(2, channels));
            var offsets = Offsets<TSource>(values.Length, 1, count, 1 << 6);
            var expected = new T[count * Width];
            if (typeof(TSource) == typeof(byte)) LaneUnpack.Bytes(values, offsets, 1, count, scale, shift, expected);
            else LaneUnpack.Floats(values, offsets, 1, count, scale, shift, expected);
            for (var width = 128; width <= 512; width *= 2)
            {
                var found = new T[Guard + count * Width + Guard];
                Array.Fill(found, T.NaN);
                RunAt<TSource, T>(width, values, offsets, count, scale, shift, found.AsSpan(Guard));
                for (var i = 0; i < found.Length; i++)
                {
                    var inside = i >= Guard && i < Guard + expected.Length;
                    Assert.True(inside ? Same(expected[i - Guard], found[i]) : T.IsNaN(found[i]), $"width {width}, count {count}, element {i - Guard}");
                }
            }
        }
    }

    private static unsafe void RunAt<TSource, T>(int width, byte[] values, int[] offsets, int count, T[] scale, T[] shift, Span<T> destination)
        where TSource : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lanes = stackalloc byte*[Width];
        var bits = stackalloc byte[Width * sizeof(T)];
        fixed (byte* source = values)
        fixed (T* a = scale, b = shift, y = destination)
        {
            for (var lane = 0; lane < Width; lane++)
            {
                lanes[lane] = source + Math.Max(offsets[lane], 0) + sizeof(TSource);
                new Span<byte>(bits + lane * sizeof(T), sizeof(T)).Fill((byte)(offsets[lane] < 0 ? 0 : 255));
            }

            var task = new LaneUnpackTask<T>
            {
                Lanes = lanes,
                Mask = (T*)bits,
                Scale = a,
                Shift = b,
                Channels = scale.Length,
                Phase = 1 % scale.Length,
                Count = count,
                Destination = y,
            };
            if (width == 128) LaneUnpackTiles<LaneWords128, TSource, T>.Run(task);
            if (width == 256) LaneUnpackTiles<LaneWords256, TSource, T>.Run(task);
            if (width == 512) LaneUnpackTiles<LaneWords512, TSource, T>.Run(task);
        }
    }

    private static unsafe void MemoriesAgree<TSource, T>(int count)
        where TSource : unmanaged, INumberBase<TSource>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int First = 3;
        var (values, scale, shift) = (Source<TSource>(), Numbers<T>(1, 3), Numbers<T>(2, 3));
        var offsets = Offsets<TSource>(values.Length, First, count, 1 << 4);
        var memories = new ReadOnlyMemory<byte>[Width - 1];
        for (var lane = 0; lane < memories.Length; lane++)
            if (offsets[lane] >= 0) memories[lane] = values.AsMemory(offsets[lane], (First + count) * sizeof(TSource));
        offsets[^1] = -1;
        T[] expected = new T[count * Width], found = new T[count * Width];
        if (typeof(TSource) == typeof(byte))
        {
            LaneUnpack.Bytes(values, offsets, First, count, scale, shift, expected);
            LaneUnpack.Bytes(memories, First, count, scale, shift, found);
        }
        else
        {
            LaneUnpack.Floats(values, offsets, First, count, scale, shift, expected);
            LaneUnpack.Floats(memories, First, count, scale, shift, found);
        }

        Assert.Equal(expected, found);
    }

    /// <summary>Lanes at odd addresses, the last one at the very end.</summary>
    private static unsafe int[] Offsets<TSource>(int length, int first, int count, int absent)
        where TSource : unmanaged
    {
        var last = length - (first + count) * sizeof(TSource);
        return [.. Enumerable.Range(0, Width).Select(lane => (absent >> lane & 1) != 0 ? -1 - lane : lane == Width - 1 ? last : last * lane / Width)];
    }

    private static byte[] Source<TSource>()
        where TSource : unmanaged
    {
        var bytes = new byte[LongestFrame * sizeof(float) + 3];
        if (typeof(TSource) == typeof(byte))
        {
            new Random(7).NextBytes(bytes);
            return bytes;
        }

        // Any four of these bytes are a finite float of moderate size: lanes may start anywhere.
        var random = new Random(7);
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)random.Next(0x38, 0x48);
        return bytes;
    }

    private static T[] Numbers<T>(ulong seed, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = new T[count];
        new Philox(seed).FillNormal(numbers, T.One);
        return numbers;
    }

    private static bool Same<T>(T left, T right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        left == right && T.IsNegative(left) == T.IsNegative(right);
}
