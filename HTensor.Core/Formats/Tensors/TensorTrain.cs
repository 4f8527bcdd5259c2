using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A tensor [n_0, ..., n_(d-1)] as a train of cores G_k [r_k, n_k, r_(k+1)], r_0 = r_d = 1:
/// X[i_0, ..., i_(d-1)] = G_0[0, i_0, :] G_1[:, i_1, :] ... G_(d-1)[:, i_(d-1), 0]. Immutable; row-major. Oseledets 2011.
/// </summary>
public sealed class TensorTrain<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _ranks;

    /// <param name="modeSizes">n_k of each mode.</param>
    /// <param name="ranks">r_0 to r_d, the first and the last 1.</param>
    /// <param name="cores">G_k [r_k, n_k, r_(k+1)]. The arrays are kept, not copied.</param>
    /// <exception cref="ArgumentException">A count, rank or length does not fit; the message names the core.</exception>
    public TensorTrain(IReadOnlyList<int> modeSizes, IReadOnlyList<int> ranks, IReadOnlyList<T[]> cores)
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(modeSizes);
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentNullException.ThrowIfNull(cores);
        for (var k = 0; k < cores.Count; k++) AlgebraGuard.Given($"tensor train, core {k}", cores[k]);
        _ranks = [.. ranks];
        Network = new TreeTensor<T>(CoreTree.Train(modeSizes.Count), [.. modeSizes], [.. ranks.Skip(1)], [.. cores]);
        Require();
    }

    /// <summary>From cores that an algorithm made to fit.</summary>
    internal TensorTrain(TreeTensor<T> network) => (_ranks, Network) = ([1, .. network.Ranks], network);

    public IReadOnlyList<int> ModeSizes => Network.ModeSizes;

    public int Order => ModeSizes.Count;

    /// <summary>r_0 to r_d.</summary>
    public IReadOnlyList<int> Ranks => _ranks;

    /// <summary>Numbers held in cores.</summary>
    public long StoredNumbers => Network.StoredNumbers;

    /// <summary>G_k [r_k, n_k, r_(k+1)].</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode.</exception>
    public ReadOnlyMemory<T> Core(int mode) => Network.Core(AlgebraGuard.Place("tensor train: a mode", Order, mode));

    internal TreeTensor<T> Network { get; }

    internal T[] CoreArray(int mode) => Network.Core(mode);

    private void Require()
    {
        if (Order < 1) throw new ArgumentException("tensor train: expected an order of at least 1, found 0");
        if (_ranks.Length != Order + 1) throw new ArgumentException($"tensor train: expected {Order + 1} ranks, found {_ranks.Length}");
        if (Network.Cores.Length != Order) throw new ArgumentException($"tensor train: expected {Order} cores, found {Network.Cores.Length}");
        if (_ranks[0] != 1 || _ranks[Order] != 1) throw new ArgumentException($"tensor train: expected ranks 1 at both ends, found {_ranks[0]} and {_ranks[Order]}");
        for (var k = 0; k < Order; k++)
        {
            if (ModeSizes[k] < 1 || _ranks[k] < 1) throw new ArgumentException($"tensor train, core {k}: expected a mode size and a rank of at least 1, found {ModeSizes[k]} and {_ranks[k]}");
            var expected = (double)_ranks[k] * ModeSizes[k] * _ranks[k + 1];
            if (expected != Network.Cores[k].Length)
                throw new ArgumentException($"tensor train, core {k}: expected [{_ranks[k]}, {ModeSizes[k]}, {_ranks[k + 1]}] of {expected} numbers, found {Network.Cores[k].Length}");
        }
    }
}
