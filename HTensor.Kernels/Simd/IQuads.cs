namespace HTensor.Kernels;

/// <summary>
/// A register seen as <see cref="Quads"/> groups of four elements, side by side: what a product whose rows of C are a few quads long needs, where
/// a register holds the same columns of several rows.
/// </summary>
internal unsafe interface IQuads<TSelf, T> : ISimd<TSelf, T>
    where TSelf : unmanaged, IQuads<TSelf, T>
    where T : unmanaged
{
    static abstract int Quads { get; }

    /// <summary>Quad q from source + q * stride.</summary>
    static abstract TSelf LoadQuads(T* source, nint stride);

    /// <summary>Quad q to destination + q * stride.</summary>
    static abstract void StoreQuads(TSelf value, T* destination, nint stride);

    /// <summary>The same four elements in every quad.</summary>
    static abstract TSelf RepeatQuad(T* source);

    /// <summary>In every quad, its own element <paramref name="index"/> (a constant from 0 to 3) four times.</summary>
    static abstract TSelf BroadcastInQuads(TSelf value, int index);
}
