using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HTensor.Core;

/// <summary>Arrays stored first index fastest (Fortran order) into last index fastest.</summary>
internal static class ElementReorder
{
    /// <summary>destination[i1, ..., id] = source[i1 + n1 (i2 + n2 (i3 + ...))], one new array.</summary>
    public static byte[] ToLastFastest(ReadOnlySpan<byte> source, int[] shape, int elementSize)
    {
        var destination = GC.AllocateUninitializedArray<byte>(source.Length);
        if (source.IsEmpty || shape.Length < 2)
        {
            source.CopyTo(destination);
            return destination;
        }

        switch (elementSize)
        {
            case 1: Move<byte>(source, destination, shape); break;
            case 2: Move<ushort>(source, destination, shape); break;
            case 4: Move<uint>(source, destination, shape); break;
            case 8: Move<ulong>(source, destination, shape); break;
            default: MoveWide(source, destination, shape, elementSize); break;
        }

        return destination;
    }

    private static void Move<T>(ReadOnlySpan<byte> sourceBytes, Span<byte> destinationBytes, int[] shape) where T : unmanaged
    {
        var source = MemoryMarshal.Cast<byte, T>(sourceBytes);
        var destination = MemoryMarshal.Cast<byte, T>(destinationBytes);
        var strides = Strides(shape);
        var index = new int[shape.Length];
        var (last, stride) = (shape[^1], strides[^1]);
        var from = 0;
        for (var to = 0; to < destination.Length; to += last)
        {
            for (var i = 0; i < last; i++) destination[to + i] = source[from + i * stride];
            from = Next(index, shape, strides, from);
        }
    }

    private static void MoveWide(ReadOnlySpan<byte> source, Span<byte> destination, int[] shape, int elementSize)
    {
        var strides = Strides(shape);
        var index = new int[shape.Length];
        var (last, stride) = (shape[^1], strides[^1]);
        var from = 0;
        for (var to = 0; to < destination.Length; to += last * elementSize)
        {
            for (var i = 0; i < last; i++)
                source.Slice((from + i * stride) * elementSize, elementSize).CopyTo(destination[(to + i * elementSize)..]);
            from = Next(index, shape, strides, from);
        }
    }

    private static int[] Strides(int[] shape)
    {
        var strides = new int[shape.Length];
        var stride = 1;
        for (var mode = 0; mode < shape.Length; mode++)
        {
            strides[mode] = stride;
            stride *= shape[mode];
        }

        return strides;
    }

    /// <summary>Steps the index of all modes but the last and returns the offset that goes with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(int[] index, int[] shape, int[] strides, int from)
    {
        for (var mode = shape.Length - 2; mode >= 0; mode--)
        {
            from += strides[mode];
            if (++index[mode] < shape[mode]) return from;
            from -= strides[mode] * shape[mode];
            index[mode] = 0;
        }

        return from;
    }
}
