namespace HTensor.Kernels;

/// <summary>
/// An element-wise body over several streams of equal length, each read or written at the same position. Its fields are the
/// constants of the pass, the same for every element.
/// </summary>
internal unsafe interface ILaneBody<T>
    where T : unmanaged
{
    static abstract int Streams { get; }

    /// <summary>Bit s is set if stream s is written.</summary>
    static abstract int Written { get; }

    /// <summary>Reads and writes one register of every stream at element <paramref name="at"/>.</summary>
    void Apply<V>(T** s, nint at)
        where V : unmanaged, ISimd<V, T>;
}

/// <summary>Where a pass has fewer bodies than its driver takes.</summary>
internal readonly unsafe struct NoBody<T> : ILaneBody<T>
    where T : unmanaged
{
    public static int Streams => 0;

    public static int Written => 0;

    public void Apply<V>(T** s, nint at)
        where V : unmanaged, ISimd<V, T>
    {
    }
}
