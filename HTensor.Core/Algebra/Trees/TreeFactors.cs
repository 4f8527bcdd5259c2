using System.Numerics;

namespace HTensor.Core;

/// <summary>Factors F_k [n_k, columns] of all modes, as MTTKRP takes them.</summary>
internal static class TreeFactors
{
    /// <exception cref="ArgumentException">A count or length does not fit.</exception>
    public static void Require<T>(string verb, TreeTensor<T> x, IReadOnlyList<T[]> factors, int columns, int mode)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(factors);
        AlgebraGuard.Mode(verb, x.Order, mode);
        if (columns < 1) throw new ArgumentOutOfRangeException(nameof(columns), $"{verb}: expected at least 1 column, found {columns}");
        AlgebraGuard.Count($"{verb}: factors", x.Order, factors.Count);
        for (var k = 0; k < x.Order; k++)
        {
            if (k == mode) continue;
            AlgebraGuard.Given($"{verb}: factor {k}", factors[k]);
            AlgebraGuard.Length($"{verb}: factor {k} [{x.ModeSizes[k]}, {columns}]", (long)x.ModeSizes[k] * columns, factors[k].Length);
        }
    }
}
