using System.Numerics;

namespace HTensor.Core;

/// <summary>
/// Finds an order of pairwise products: exact, by dynamic programming over subsets, up to <see cref="ExactLimit"/> operands; greedy
/// beyond. Cost of the exact search: 3^operands pairs, some tens of milliseconds at 14.
/// </summary>
public static class ContractionPlanner
{
    /// <summary>Most operands of the exact search.</summary>
    public const int ExactLimit = 14;

    private const int MaximumModes = 128;
    private const int LaneWidth = HTensor.Kernels.LaneBlock.Width;

    /// <param name="network">The network to contract.</param>
    /// <param name="objective">What to minimize.</param>
    /// <param name="sampleMode">Label of the mode that counts samples; products without it are made once for the batch.</param>
    /// <param name="elementLimit">Largest intermediate allowed, in elements.</param>
    /// <exception cref="InvalidOperationException">No order keeps every intermediate under <paramref name="elementLimit"/>.</exception>
    public static ContractionPlan Plan(TensorNetwork network, PlanObjective objective, string? sampleMode = null, double elementLimit = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Sizes.Count > MaximumModes)
            throw new ArgumentException($"contraction planner: expected at most {MaximumModes} modes, found {network.Sizes.Count}");
        var search = new Search(network, objective, sampleMode, elementLimit);
        var order = network.Operands.Count <= ExactLimit ? search.Exact() : search.Greedy();
        return new ContractionPlan(network, objective, order);
    }

    private sealed class Search(TensorNetwork network, PlanObjective objective, string? sampleMode, double elementLimit)
    {
        private readonly int _count = network.Operands.Count;
        private readonly UInt128[] _operands = [.. Enumerable.Range(0, network.Operands.Count).Select(operand => Mask(network.OperandModes(operand)))];
        private readonly UInt128 _result = Mask(network.ResultModes);
        private readonly UInt128 _samples = sampleMode is null ? 0 : Mask([network.Labels.ToList().IndexOf(sampleMode)]);

        /// <summary>best[S] = min over S = A + B of best[A] + best[B] + cost(A, B); a mode stays in S while something outside needs it.</summary>
        public List<(int Left, int Right)> Exact()
        {
            var subsets = 1 << _count;
            var modes = new UInt128[subsets];
            var volume = new double[subsets];
            var best = new double[subsets];
            var split = new int[subsets];
            for (var set = 1; set < subsets; set++)
            {
                modes[set] = Kept(set, subsets - 1);
                volume[set] = Volume(modes[set]);
                if (BitOperations.IsPow2(set)) continue;
                best[set] = double.PositiveInfinity;
                if (set != subsets - 1 && volume[set] > elementLimit) continue;
                // The lowest member stays on the left, so that every split is seen once.
                var lowest = set & -set;
                var others = set ^ lowest;
                for (var right = others; right != 0; right = (right - 1) & others)
                {
                    var left = set ^ right;
                    var cost = best[left] + best[right];
                    if (cost >= best[set]) continue;
                    cost += Cost(modes[left], volume[left], modes[right], volume[right], volume[set], set == subsets - 1);
                    if (cost < best[set]) (best[set], split[set]) = (cost, right);
                }
            }

            if (double.IsInfinity(best[subsets - 1])) throw NoPlan();
            var order = new List<(int, int)>();
            Emit(subsets - 1, split, order);
            return order;
        }

        /// <summary>Takes the pair whose product grows least beyond what it consumes, until one node is left.</summary>
        public List<(int Left, int Right)> Greedy()
        {
            var open = Enumerable.Range(0, _count).ToList();
            var modes = _operands.ToList();
            var order = new List<(int, int)>();
            while (open.Count > 1)
            {
                var best = (Score: double.PositiveInfinity, Left: -1, Right: -1, Modes: (UInt128)0);
                for (var i = 0; i < open.Count; i++)
                {
                    for (var j = i + 1; j < open.Count; j++)
                    {
                        var needed = _result;
                        for (var other = 0; other < open.Count; other++) if (other != i && other != j) needed |= modes[open[other]];
                        var (left, right) = (modes[open[i]], modes[open[j]]);
                        var kept = (left | right) & needed;
                        var score = Volume(kept) - Volume(left) - Volume(right);
                        if ((left & right) == 0) score += Volume(left | right);
                        if (Volume(kept) <= elementLimit && score < best.Score) best = (score, i, j, kept);
                    }
                }

                if (best.Left < 0) throw NoPlan();
                order.Add((open[best.Left], open[best.Right]));
                open.RemoveAt(best.Right);
                open.RemoveAt(best.Left);
                open.Add(modes.Count);
                modes.Add(best.Modes);
            }

            return order;
        }

        private static UInt128 Mask(IEnumerable<int> modes) => modes.Aggregate((UInt128)0, (mask, mode) => mask | (UInt128)1 << mode);

        private int Emit(int set, int[] split, List<(int, int)> order)
        {
            if (BitOperations.IsPow2(set)) return BitOperations.TrailingZeroCount(set);
            var left = Emit(set ^ split[set], split, order);
            var right = Emit(split[set], split, order);
            order.Add((left, right));
            return _count + order.Count - 1;
        }

        private UInt128 Kept(int set, int all)
        {
            UInt128 inside = 0, outside = _result;
            if (BitOperations.IsPow2(set)) return _operands[BitOperations.TrailingZeroCount(set)];
            for (var operand = 0; operand < _count; operand++)
            {
                if ((set >> operand & 1) != 0) inside |= _operands[operand];
                else if ((all >> operand & 1) != 0) outside |= _operands[operand];
            }

            return inside & outside;
        }

        private double Cost(UInt128 left, double leftVolume, UInt128 right, double rightVolume, double resultVolume, bool last)
        {
            var multiplyAdds = leftVolume * rightVolume / Volume(left & right);
            if (objective == PlanObjective.MultiplyAdds) return multiplyAdds;
            var elements = leftVolume + rightVolume + resultVolume;
            var (leftSamples, rightSamples) = ((left & _samples) != 0, (right & _samples) != 0);
            if (leftSamples == rightSamples) return ContractionCost.OfWeights(multiplyAdds, elements);
            if (last && (leftSamples ? left : right) == _operands[^1]) return ContractionCost.OfWhole(multiplyAdds, elements);
            var weight = leftSamples ? rightVolume : leftVolume;
            return ContractionCost.OfLanes(multiplyAdds, elements - weight, weight, Volume(_samples) / LaneWidth);
        }

        private double Volume(UInt128 modes)
        {
            var product = 1.0;
            for (var half = 0; half < 2; half++)
            {
                for (var bits = (ulong)(modes >> (64 * half)); bits != 0; bits &= bits - 1)
                    product *= network.Sizes[64 * half + BitOperations.TrailingZeroCount(bits)];
            }

            return product;
        }

        private InvalidOperationException NoPlan() =>
            new($"contraction planner: no order keeps every intermediate of {network} within {elementLimit:N0} elements");
    }
}
