using System.Numerics;

namespace HTensor.Core;

/// <summary>A tensor in pinned memory: doubles are lent as they lie, floats are widened block by block.</summary>
internal sealed unsafe class MemorySource<T>(T* values, long length) : IDenseSource
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public long Length => length;

    public string Name => "tensor";

    public DenseBlock Read(long first, int rows, long stride, int count, DenseBuffer buffer)
    {
        if (typeof(T) == typeof(double)) return new DenseBlock(new ReadOnlySpan<double>(values + first, (int)((rows - 1) * stride + count)), (nint)stride);
        var to = buffer.Of(checked(rows * count));
        for (var i = 0; i < rows; i++) Widen(new ReadOnlySpan<float>(values + first + i * stride, count), to.Slice(i * count, count));
        return new DenseBlock(to, count);
    }

    internal static void Widen(ReadOnlySpan<float> from, Span<double> to) => System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(from, to);
}

/// <summary>A tensor that the decomposition made itself.</summary>
internal sealed class ArraySource(double[] values) : IDenseSource
{
    public double[] Values => values;

    public long Length => values.Length;

    public string Name => "tensor";

    public DenseBlock Read(long first, int rows, long stride, int count, DenseBuffer buffer) =>
        new(values.AsSpan((int)first, (int)((rows - 1) * stride + count)), (nint)stride);
}

/// <summary>Another source times 2 to a power, for tensors whose squares leave the range of double.</summary>
internal sealed class ScaledSource(IDenseSource source, int exponent) : IDenseSource
{
    private readonly double _first = Math.ScaleB(1, exponent / 2);
    private readonly double _second = Math.ScaleB(1, exponent - exponent / 2);

    public long Length => source.Length;

    public string Name => source.Name;

    public DenseBlock Read(long first, int rows, long stride, int count, DenseBuffer buffer)
    {
        var block = source.Read(first, rows, stride, count, _inner);
        var to = buffer.Of(checked(rows * count));
        for (var i = 0; i < rows; i++)
        {
            var from = block.Data.Slice((int)(i * block.Stride), count);
            for (var j = 0; j < count; j++) to[i * count + j] = from[j] * _first * _second;
        }

        return new DenseBlock(to, count);
    }

    private readonly DenseBuffer _inner = new();
}
