namespace HTensor.Kernels;

/// <summary>Packing buffers of the calling thread, aligned to 64 bytes. They grow to the largest product seen and are then reused.</summary>
internal static unsafe class ThreadBuffer
{
    [ThreadStatic]
    private static AlignedBuffer<byte>? _left;

    [ThreadStatic]
    private static AlignedBuffer<byte>? _right;

    /// <summary>For the rows of the left operand that one worker packs.</summary>
    public static void* Left(nint bytes) => Of(ref _left, bytes);

    /// <summary>For the right operand, packed for all workers by the thread that calls.</summary>
    public static void* Right(nint bytes) => Of(ref _right, bytes);

    private static void* Of(ref AlignedBuffer<byte>? buffer, nint bytes)
    {
        if (buffer is null || buffer.Length < bytes) buffer = new AlignedBuffer<byte>(checked((int)bytes));

        // The buffer is pinned.
        fixed (byte* start = buffer.Span) return start;
    }
}
