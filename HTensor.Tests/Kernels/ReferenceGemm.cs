using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Tests.Kernels;

/// <summary>
/// The oracle of the products: the obvious triple loop, with the documented order of summation, so that results must agree bit for bit.
/// Matrix times vector has an order of its own and is compared within a tolerance.
/// </summary>
internal static class ReferenceGemm
{
    public static void Multiply<T>(int m, int n, int k, Func<int, int, T> a, Func<int, int, T> b, Span<T> c, Func<int, int, int> at, Accumulation accumulation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var total = accumulation == Accumulation.Add ? c[at(i, j)] : T.Zero;
                for (var first = 0; first < k; first += Gemm.DepthBlock)
                {
                    var sum = T.Zero;
                    for (var p = first; p < Math.Min(k, first + Gemm.DepthBlock); p++) sum = T.FusedMultiplyAdd(a(i, p), b(p, j), sum);
                    total = first == 0 && accumulation == Accumulation.Overwrite ? sum : total + sum;
                }

                c[at(i, j)] = total;
            }
        }
    }
}
