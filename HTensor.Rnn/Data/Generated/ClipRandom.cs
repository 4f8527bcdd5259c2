using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// The random numbers of one clip: the stream of <see cref="Philox"/> whose number is the sample's, so that any clip can be made by itself,
/// on any thread. A struct, because a clip is painted in every training step and that allocates nothing.
/// </summary>
internal struct ClipRandom(ulong seed, ulong sample)
{
    private UInt128 _block;
    private ulong _position;

    /// <summary>The next 32 random bits.</summary>
    public uint Next()
    {
        var word = (int)(_position & 3);
        if (word == 0) _block = Philox.Block(new UInt128(sample, _position >> 2), seed);
        _position++;
        return (uint)(_block >> (32 * word));
    }

    /// <summary>Uniform on minimum, ..., maximum, both included, to within 2^-32 of the range.</summary>
    public int Between(int minimum, int maximum) =>
        minimum + (int)((Next() * (ulong)(maximum - minimum + 1)) >> 32);
}
