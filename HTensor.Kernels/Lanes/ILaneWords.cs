namespace HTensor.Kernels;

/// <summary>
/// A register of <see cref="Count"/> words of 32 bits, one a lane, in groups of four lanes (128 bits): what turns sixteen sources that
/// stand apart into samples in lanes. Zips stay within a group.
/// </summary>
internal unsafe interface ILaneWords<TSelf>
    where TSelf : unmanaged, ILaneWords<TSelf>
{
    static abstract int Count { get; }

    /// <summary>Group g holds the four words at byte <paramref name="at"/> of lane 4 g.</summary>
    static abstract TSelf Gather(byte** lanes, nint at);

    static abstract TSelf Load(void* source);

    /// <summary>left[0], right[0], left[1], right[1] of each group.</summary>
    static abstract TSelf ZipLow(TSelf left, TSelf right);

    /// <summary>left[2], right[2], left[3], right[3] of each group.</summary>
    static abstract TSelf ZipHigh(TSelf left, TSelf right);

    /// <summary>left[0], left[1], right[0], right[1] of each group.</summary>
    static abstract TSelf PairLow(TSelf left, TSelf right);

    /// <summary>left[2], left[3], right[2], right[3] of each group.</summary>
    static abstract TSelf PairHigh(TSelf left, TSelf right);

    /// <summary>Byte <paramref name="index"/> of every word, counted from the lowest, as float: exact.</summary>
    static abstract TSelf ByteToSingle(TSelf words, int index);

    /// <summary>
    /// destination = (scale * singles + shift) &amp; mask in T with one rounding, <see cref="Count"/> elements. Float takes the low mask,
    /// double the low one for the first half of the lanes and the high one for the second.
    /// </summary>
    static abstract void StoreScaled<T>(TSelf singles, T scale, T shift, TSelf low, TSelf high, T* destination)
        where T : unmanaged;
}
