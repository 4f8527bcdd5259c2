using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>A power of two brought into a tensor's cores.</summary>
internal static class TreeScale
{
    private const int MostAtRoot = 60;

    /// <summary>
    /// Multiplies by 2^exponent in place: at the root, or, where that would leave the range, in the cores of all modes, each in proportion to the logarithm
    /// of its size: orthonormal frames of many modes have small entries, and what is made of any subtree stays in range.
    /// </summary>
    public static void Multiply<T>(TreeTensor<T> x, long exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (long.Abs(exponent) <= MostAtRoot)
        {
            Balance.Scale<T>(x.Cores[x.Tree.Root], (int)exponent);
            return;
        }

        var total = x.ModeSizes.Sum(Weight);
        var (weight, given) = (0.0, 0L);
        for (var node = 0; node < x.Tree.Count; node++)
        {
            if (x.Tree.Mode[node] < 0) continue;
            weight += Weight(x.ModeSizes[x.Tree.Mode[node]]);
            var share = (long)double.Round(exponent * (weight / total)) - given;
            given += share;
            // An order of 3 and a norm of 1e900 has no cores in range: infinite then, as it is.
            Balance.Scale<T>(x.Cores[node], (int)long.Clamp(share, -5000, 5000));
        }

        static double Weight(int size) => ScalarFunctions.Log(size + 0.25);
    }
}
