using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace HTensor.Samples;

/// <summary>SHA-256 over the bytes of all values in turn; -0 and 0 differ, and so do NaNs.</summary>
internal sealed class BitHash : IDisposable
{
    private const int Letters = 32;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public BitHash Add<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        _hash.AppendData(MemoryMarshal.AsBytes(values));
        return this;
    }

    public string End() => Convert.ToHexStringLower(_hash.GetHashAndReset())[..Letters];

    public void Dispose() => _hash.Dispose();
}
