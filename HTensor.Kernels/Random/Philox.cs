using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): block i of a stream is a keyed
/// bijection of (i, stream), so streams are independent, any position is reached at once, and the numbers are the same on every machine.
/// </summary>
public sealed class Philox
{
    private readonly ulong _seed;
    private readonly ulong _stream;
    private UInt128 _block;
    private ulong _position;
    private ulong _cached = ulong.MaxValue;

    public Philox(ulong seed, ulong stream = 0)
    {
        _seed = seed;
        _stream = stream;
    }

    /// <summary>32-bit numbers drawn so far. Setting it continues from there: seed, stream and position are the whole state.</summary>
    public ulong Position
    {
        get => _position;
        set => _position = value;
    }

    /// <summary>A uniform 32-bit integer.</summary>
    public uint NextUInt32()
    {
        var index = _position >> 2;
        if (index != _cached)
        {
            _block = Block(new UInt128(_stream, index), _seed);
            _cached = index;
        }

        return (uint)(_block >> (32 * (int)(_position++ & 3)));
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53. Draws two 32-bit numbers.</summary>
    public double NextUniform()
    {
        var high = (ulong)NextUInt32() << 32;
        return ((high | NextUInt32()) >> 11) * (1.0 / (1ul << 53));
    }

    /// <summary>Normal of mean 0 and deviation 1: sqrt(-2 ln(1 - u)) cos(2 pi v) (Box and Muller). Draws four 32-bit numbers.</summary>
    public double NextNormal()
    {
        var radius = double.Sqrt(-2 * ScalarFunctions.Log(1 - NextUniform()));
        return radius * ScalarFunctions.Cos(double.Tau * NextUniform());
    }

    /// <summary>Uniform in [0, bound), without bias (Lemire's method).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var unsigned = (uint)bound;
        var product = (ulong)NextUInt32() * unsigned;
        if ((uint)product < unsigned)
        {
            var rejected = (0u - unsigned) % unsigned;
            while ((uint)product < rejected) product = (ulong)NextUInt32() * unsigned;
        }

        return (int)(product >> 32);
    }

    /// <summary>A uniformly drawn order of <paramref name="values"/> (Fisher and Yates).</summary>
    public void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = NextInt32(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>Uniform in [0, 1): multiples of 2^-24 in float, one 32-bit number each; of 2^-53 in double, two each.</summary>
    public void FillUniform<T>(Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = typeof(T) == typeof(float)
                ? T.CreateTruncating((NextUInt32() >> 8) * (1f / (1 << 24)))
                : T.CreateTruncating(NextUniform());
        }
    }

    /// <summary>Normal of mean 0 and the given deviation, each computed in double and rounded once.</summary>
    public void FillNormal<T>(Span<T> destination, T deviation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        var scale = double.CreateTruncating(deviation);
        for (var i = 0; i < destination.Length; i++) destination[i] = T.CreateTruncating(scale * NextNormal());
    }

    /// <summary>Ten rounds. Word w of the counter and of the result stands at bits 32 w; the key's word 0 at its low bits.</summary>
    internal static UInt128 Block(UInt128 counter, ulong key)
    {
        uint c0 = (uint)counter, c1 = (uint)(counter >> 32), c2 = (uint)(counter >> 64), c3 = (uint)(counter >> 96);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (var round = 0; round < 10; round++)
        {
            var p0 = (ulong)c0 * 0xD2511F53;
            var p1 = (ulong)c2 * 0xCD9E8D57;
            c0 = (uint)(p1 >> 32) ^ c1 ^ k0;
            c2 = (uint)(p0 >> 32) ^ c3 ^ k1;
            c1 = (uint)p1;
            c3 = (uint)p0;
            unchecked
            {
                k0 += 0x9E3779B9;
                k1 += 0xBB67AE85;
            }
        }

        return new UInt128(((ulong)c3 << 32) | c2, ((ulong)c1 << 32) | c0);
    }
}
