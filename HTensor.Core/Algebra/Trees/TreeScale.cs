using System.Numerics;

namespace HTensor.Core;

/// <summary>A power of two brought into a tensor's cores.</summary>
internal static class TreeScale
{
    private const int MostAtRoot = 60;

    /// <summary>Multiplies by 2^exponent in place: at the root, or, where that would leave the range, in all cores alike.</summary>
    public static void Multiply<T>(TreeTensor<T> x, long exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (long.Abs(exponent) <= MostAtRoot)
        {
            Balance.Scale<T>(x.Cores[x.Tree.Root], (int)exponent);
            return;
        }

        for (var node = 0; node < x.Tree.Count; node++)
        {
            var share = exponent / (x.Tree.Count - node);
            exponent -= share;
            // An order of 3 and a norm of 1e900 has no cores in range: infinite then, as it is.
            Balance.Scale<T>(x.Cores[node], (int)long.Clamp(share, -5000, 5000));
        }
    }
}
