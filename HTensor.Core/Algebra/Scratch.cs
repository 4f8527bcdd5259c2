using System.Buffers;

namespace HTensor.Core;

/// <summary>Two buffers that grow, lent by the pool: fresh pages for every call would cost more than what is computed in them.</summary>
internal sealed class Scratch<T> : IDisposable
{
    private T[] _first = [];
    private T[] _second = [];

    public Span<T> First(int length) => Grown(ref _first, length);

    public Span<T> Second(int length) => Grown(ref _second, length);

    /// <summary>Gives the buffers back, after which no span of them may be used.</summary>
    public void Dispose()
    {
        Return(ref _first);
        Return(ref _second);
    }

    private static Span<T> Grown(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            Return(ref buffer);
            buffer = ArrayPool<T>.Shared.Rent(length);
        }

        return buffer.AsSpan(0, length);
    }

    private static void Return(ref T[] buffer)
    {
        if (buffer.Length > 0) ArrayPool<T>.Shared.Return(buffer);
        buffer = [];
    }
}
