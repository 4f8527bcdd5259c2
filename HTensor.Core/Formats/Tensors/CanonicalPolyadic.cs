using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A tensor [n_0, ..., n_(d-1)] as a sum of R products of vectors, factors F_k [n_k, R]: X[i_0, ...] = sum_r w_r F_0[i_0, r] ... F_(d-1)[i_(d-1), r].
/// Immutable; row-major. Hitchcock 1927.
/// </summary>
public sealed class CanonicalPolyadic<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[][] _factors;
    private readonly T[] _weights;

    /// <param name="modeSizes">n_k of each mode.</param>
    /// <param name="weights">w_r of each of the R terms. The array is kept, not copied.</param>
    /// <param name="factors">F_k [n_k, R]. The arrays are kept, not copied.</param>
    /// <exception cref="ArgumentException">A count or length does not fit; the message names what.</exception>
    public CanonicalPolyadic(IReadOnlyList<int> modeSizes, T[] weights, IReadOnlyList<T[]> factors)
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(modeSizes);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(factors);
        (ModeSizes, _weights, _factors) = ([.. modeSizes], weights, [.. factors]);
        if (Order < 1) throw new ArgumentException("CP: expected an order of at least 1, found 0");
        if (Rank < 1) throw new ArgumentException("CP: expected at least one term, found none");
        AlgebraGuard.Count("CP: factors", Order, _factors.Length);
        for (var k = 0; k < Order; k++)
        {
            if (ModeSizes[k] < 1) throw new ArgumentException($"CP, mode {k}: expected a size of at least 1, found {ModeSizes[k]}");
            AlgebraGuard.Given($"CP, factor {k}", _factors[k]);
            AlgebraGuard.Length($"CP, factor {k} [{ModeSizes[k]}, {Rank}]", (long)ModeSizes[k] * Rank, _factors[k].Length);
        }
    }

    public IReadOnlyList<int> ModeSizes { get; }

    public int Order => ModeSizes.Count;

    /// <summary>R, the number of terms.</summary>
    public int Rank => _weights.Length;

    /// <summary>w_r.</summary>
    public ReadOnlyMemory<T> Weights => _weights;

    /// <summary>Numbers held in weights and factors.</summary>
    public long StoredNumbers => _weights.Length + _factors.Sum(factor => (long)factor.Length);

    /// <summary>F_k [n_k, R].</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode.</exception>
    public ReadOnlyMemory<T> Factor(int mode) => _factors[AlgebraGuard.Place("CP: a mode", Order, mode)];

    internal T[] FactorArray(int mode) => _factors[mode];
}
