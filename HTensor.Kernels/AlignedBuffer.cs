using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// A zeroed, fixed-length, pinned buffer whose first element stands on a 64-byte boundary, so that a full-width load never
/// crosses a cache line. Owned by the garbage collector: no disposal.
/// </summary>
public sealed class AlignedBuffer<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly T[] _array;
    private readonly int _start;

    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _array = GC.AllocateArray<T>(checked(length + Alignment / Unsafe.SizeOf<T>()), pinned: true);
        _start = FirstAligned(_array);
    }

    public int Length { get; }

    public Span<T> Span => _array.AsSpan(_start, Length);

    public Memory<T> Memory => _array.AsMemory(_start, Length);

    public Span<T> Slice(int start, int length) => Span.Slice(start, length);

    private static unsafe int FirstAligned(T[] array)
    {
        var address = (nuint)Unsafe.AsPointer(ref array[0]);
        return (int)((Alignment - address % Alignment) % Alignment) / sizeof(T);
    }
}
