using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HTensor.Kernels;

namespace HTensor.Bench;

/// <summary>What this machine can do at most, measured in the same run: fused multiply-adds from registers, and copying at a case's size.</summary>
internal sealed class Limits(ThreadTeam team)
{
    private readonly Dictionary<int, double> _bandwidths = [];
    private double _single;
    private double _double;

    /// <summary>Multiply-adds a second, all threads together.</summary>
    public double Peak(Type element) => element == typeof(float)
        ? _single = _single > 0 ? _single : MeasurePeak<float>()
        : _double = _double > 0 ? _double : MeasurePeak<double>();

    /// <summary>Bytes a second of copying with this working set, counting the line that a write first fetches.</summary>
    public double Bandwidth(double workingSet)
    {
        var size = int.Clamp(BitOperations.Log2((uint)double.Min(workingSet, 1u << 30)), 15, 28);
        if (!_bandwidths.TryGetValue(size, out var bandwidth)) _bandwidths[size] = bandwidth = MeasureBandwidth(1 << size);
        return bandwidth;
    }

    private double MeasureBandwidth(int bytes)
    {
        var body = new Copy { From = new byte[bytes / 2], To = new byte[bytes / 2], Pieces = team.Size };
        return bytes / 2 * 3.0 / Stopclock.Median(() => team.Run(body, body.Pieces));
    }

    private double MeasurePeak<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IParallelBody body = SimdWidth.Bits switch
        {
            512 => new Chains<Simd512<T>, T>(),
            256 => new Chains<Simd256<T>, T>(),
            128 => new Chains<Simd128<T>, T>(),
            _ => new Chains<SimdScalar<T>, T>(),
        };
        var lanes = int.Max(1, SimdWidth.Bits / 8 / Unsafe.SizeOf<T>());
        return (double)Chains<SimdScalar<T>, T>.MultiplyAdds * lanes * team.Size / Stopclock.Median(() => team.Run(body, team.Size));
    }

    private sealed class Copy : IParallelBody
    {
        public required byte[] From { get; init; }

        public required byte[] To { get; init; }

        public required int Pieces { get; init; }

        public void Run(int index, int worker)
        {
            var size = From.Length / Pieces;
            From.AsSpan(index * size, size).CopyTo(To.AsSpan(index * size, size));
        }
    }

    /// <summary>Twelve independent chains: more than latency times throughput on any core.</summary>
    private sealed unsafe class Chains<V, T> : IParallelBody
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Steps = 100_000;

        public const int MultiplyAdds = 12 * Steps;

        private T _keep;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int index, int worker)
        {
            V x = V.Broadcast(T.CreateTruncating(0.999)), y = V.Broadcast(T.CreateTruncating(0.001 * index));
            V a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (var step = 0; step < Steps; step++)
            {
                a = V.FusedMultiplyAdd(a, x, y);
                b = V.FusedMultiplyAdd(b, x, y);
                c = V.FusedMultiplyAdd(c, x, y);
                d = V.FusedMultiplyAdd(d, x, y);
                e = V.FusedMultiplyAdd(e, x, y);
                f = V.FusedMultiplyAdd(f, x, y);
                g = V.FusedMultiplyAdd(g, x, y);
                h = V.FusedMultiplyAdd(h, x, y);
                i = V.FusedMultiplyAdd(i, x, y);
                j = V.FusedMultiplyAdd(j, x, y);
                k = V.FusedMultiplyAdd(k, x, y);
                l = V.FusedMultiplyAdd(l, x, y);
            }

            var sum = stackalloc T[V.Count];
            V.Store(a + b + c + d + e + f + g + h + i + j + k + l, sum);
            _keep = sum[0];
        }
    }
}
