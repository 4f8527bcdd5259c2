using System.Numerics;

namespace HTensor.Core;

/// <summary>
/// A Tucker form as a sum of products: a term for each fibre of the core along its mode of largest rank, that mode's factor times the fibre beside one
/// column of each other factor. Fibres of zeros are left out.
/// </summary>
internal static class SumOfTucker
{
    public static CanonicalPolyadic<T> Run<T>(Tucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] ranks = [.. x.Ranks];
        var along = Array.IndexOf(ranks, ranks.Max());
        int[] others = [.. Enumerable.Range(0, x.Order).Where(mode => mode != along)];
        // [r, fibres], the fibres' indices the other modes', the last fastest.
        var fibres = Permutation.Apply(x.CoreArray, ranks, [along, .. others]);
        var count = fibres.Length / ranks[along];
        int[] kept = [.. Enumerable.Range(0, count).Where(fibre => Enumerable.Range(0, ranks[along]).Any(i => fibres[i * count + fibre] != T.Zero))];
        if (kept.Length == 0) kept = [0];
        var factors = new T[x.Order][];
        foreach (var mode in others) factors[mode] = new T[AlgebraGuard.CoreLength(x.ModeSizes[mode], kept.Length)];
        for (var term = 0; term < kept.Length; term++)
        {
            var index = kept[term];
            foreach (var mode in others.Reverse())
            {
                for (var i = 0; i < x.ModeSizes[mode]; i++) factors[mode][i * kept.Length + term] = x.FactorArray(mode)[i * ranks[mode] + index % ranks[mode]];
                index /= ranks[mode];
            }
        }

        var chosen = new T[ranks[along] * kept.Length];
        for (var i = 0; i < chosen.Length; i++) chosen[i] = fibres[i / kept.Length * count + kept[i % kept.Length]];
        factors[along] = new T[AlgebraGuard.CoreLength(x.ModeSizes[along], kept.Length)];
        RowMajor.Multiply<T>(x.ModeSizes[along], kept.Length, ranks[along], x.FactorArray(along), chosen, factors[along]);
        return new CanonicalPolyadic<T>(x.ModeSizes, [.. Enumerable.Repeat(T.One, kept.Length)], factors);
    }
}
