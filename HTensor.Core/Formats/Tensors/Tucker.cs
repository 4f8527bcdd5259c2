using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A tensor [n_0, ..., n_(d-1)] in Tucker form: a core C [r_0, ..., r_(d-1)] and a factor U_k [n_k, r_k] for each mode,
/// X[i_0, ...] = sum C[a_0, ...] U_0[i_0, a_0] ... U_(d-1)[i_(d-1), a_(d-1)]. Immutable; row-major. Tucker 1966; De Lathauwer et al. 2000.
/// </summary>
public sealed class Tucker<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[][] _factors;

    /// <param name="modeSizes">n_k of each mode.</param>
    /// <param name="ranks">r_k of each mode.</param>
    /// <param name="core">C, row-major. The array is kept, not copied.</param>
    /// <param name="factors">U_k [n_k, r_k]. The arrays are kept, not copied.</param>
    /// <exception cref="ArgumentException">A count or length does not fit; the message names what.</exception>
    public Tucker(IReadOnlyList<int> modeSizes, IReadOnlyList<int> ranks, T[] core, IReadOnlyList<T[]> factors)
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(modeSizes);
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(factors);
        (ModeSizes, Ranks, CoreArray, _factors) = ([.. modeSizes], [.. ranks], core, [.. factors]);
        if (Order < 1) throw new ArgumentException("Tucker: expected an order of at least 1, found 0");
        AlgebraGuard.Count("Tucker: ranks", Order, Ranks.Count);
        AlgebraGuard.Count("Tucker: factors", Order, _factors.Length);
        for (var k = 0; k < Order; k++)
        {
            if (ModeSizes[k] < 1 || Ranks[k] < 1) throw new ArgumentException($"Tucker, mode {k}: expected a size and a rank of at least 1, found {ModeSizes[k]} and {Ranks[k]}");
            AlgebraGuard.Given($"Tucker, factor {k}", _factors[k]);
            AlgebraGuard.Length($"Tucker, factor {k} [{ModeSizes[k]}, {Ranks[k]}]", (long)ModeSizes[k] * Ranks[k], _factors[k].Length);
        }

        AlgebraGuard.Length($"Tucker, core {AlgebraGuard.Text(Ranks)}", AlgebraGuard.EntryCount("Tucker core", Ranks), core.Length);
    }

    public IReadOnlyList<int> ModeSizes { get; }

    public int Order => ModeSizes.Count;

    /// <summary>r_k of each mode.</summary>
    public IReadOnlyList<int> Ranks { get; }

    /// <summary>C [r_0, ..., r_(d-1)].</summary>
    public ReadOnlyMemory<T> Core => CoreArray;

    /// <summary>Numbers held in the core and the factors.</summary>
    public long StoredNumbers => CoreArray.Length + _factors.Sum(factor => (long)factor.Length);

    internal T[] CoreArray { get; }

    /// <summary>U_k [n_k, r_k].</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode.</exception>
    public ReadOnlyMemory<T> Factor(int mode) => _factors[AlgebraGuard.Place("Tucker: a mode", Order, mode)];

    internal T[] FactorArray(int mode) => _factors[mode];
}
