using System.Numerics;
using System.Runtime.InteropServices;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

/// <summary>
/// One hash over what the kernels compute, recorded once: it must be the same under every switch of the instruction set
/// (DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0, ...), where no two runs can see each other.
/// </summary>
public sealed class SameBitsTests
{
    [Fact]
    public void Kernels_have_the_recorded_bits()
    {
        Assert.Equal(2053325218959014502ul, Hash<float>());
        Assert.Equal(13154758010071127704ul, Hash<double>());
    }

    private static ulong Hash<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int M = 37, N = 45, K = 50;
        var random = new Philox(2026);
        var s = new T[8][];
        for (var i = 0; i < s.Length; i++) random.FillNormal(s[i] = new T[M * K], T.One + T.One);
        var hash = 14695981039346656037ul;
        Functions.Exp<T>(s[0], s[1]);
        Add(ref hash, s[1]);
        Functions.Log<T>(s[1], s[2]);
        Add(ref hash, s[2]);
        LstmCell.Forward<T>(s[0], s[1], s[2], s[3], s[4], s[5], s[6]);
        foreach (var values in s) Add(ref hash, values);
        var c = new T[M * N];
        var b = new T[K * N];
        random.FillNormal(b, T.One);
        Gemm.Multiply(M, N, K, new MatrixOperand<T>(s[7], K, 1), new MatrixOperand<T>(b, N, 1), c, N, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        Add(ref hash, c);
        Gemm.Multiply(M, 1, K, new MatrixOperand<T>(s[7], K, 1), new MatrixOperand<T>(b, 1, 1), c, 1, 1, Accumulation.Add, ThreadTeam.Inline);
        Add(ref hash, c);
        return hash;
    }

    private static void Add<T>(ref ulong hash, T[] values)
        where T : unmanaged
    {
        foreach (var value in MemoryMarshal.AsBytes<T>(values)) hash = unchecked((hash ^ value) * 1099511628211ul);
    }
}
