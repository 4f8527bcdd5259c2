using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// How the first steps of a chain are cut: <see cref="Steps"/> of them run tile by tile, over input modes that none of them sums, so
/// that no sum crosses a tile. The other steps run once a unit.
/// </summary>
/// <param name="Steps">Steps that run tile by tile.</param>
/// <param name="Sizes">For each cut mode, how many of its indices a tile holds; a divisor of its size.</param>
internal sealed record LaneTiles(int Steps, IReadOnlyDictionary<int, int> Sizes)
{
    /// <summary>Bytes that the activations of one tile may take: what a second-level cache of 1 MiB holds beside weights and gradients.</summary>
    private const double TileBytes = 640 * 1024;

    // What the choice of the cut weighs, a nanosecond: multiply-adds done again; bytes of what is kept, which go to memory; bytes of a tile
    // beyond the second-level cache, which the third still holds.
    private const double MultiplyAdds = 50;
    private const double KeptBytes = 4;
    private const double SpilledBytes = 24;

    /// <summary>Modes with fewer features behind an index are not cut: reading many short runs costs more than a tile that spills.</summary>
    private const int ShortestRun = 64;

    /// <summary>What is kept is written, then read once for the next step and once for the gradients.</summary>
    private const int KeptPasses = 3;

    /// <summary>An activation, and its gradient in its place, written and read by the steps on both sides.</summary>
    private const int TilePasses = 6;

    /// <summary>
    /// The cut that costs least: an early one keeps large activations, a late one computes many again and leaves few modes to cut.
    /// A function of the layer alone, neither of batch nor machine.
    /// </summary>
    /// <param name="network">The layer over samples.</param>
    /// <param name="activations">Modes of the activation before each step, and of the result.</param>
    /// <param name="weights">Modes of the weight of each step.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    public static LaneTiles Choose(TensorNetwork network, IReadOnlyList<int[]> activations, IReadOnlyList<IReadOnlyList<int>> weights, int elementBytes)
    {
        var best = (Cost: double.PositiveInfinity, Tiles: (LaneTiles?)null);
        for (var steps = 1; steps < activations.Count; steps++)
        {
            var tiles = Cut(steps);
            var cost = Cost(tiles);
            if (cost < best.Cost) best = (cost, tiles);
        }

        return best.Tiles!;

        LaneTiles Cut(int steps)
        {
            var sizes = new Dictionary<int, int>();
            var tiles = new LaneTiles(steps, sizes);
            // The first mode moves the most: cut there, what a tile reads stands together.
            foreach (var mode in activations[0].Where(mode => activations[steps].Contains(mode) && !weights.Take(steps).Any(weight => weight.Contains(mode))))
            {
                if (ActivationBytes(tiles) <= TileBytes) break;
                if (activations[0].SkipWhile(other => other != mode).Skip(1).Aggregate(1.0, (product, inner) => product * network.Sizes[inner]) < ShortestRun) break;
                for (var size = network.Sizes[mode] - 1; size >= 1; size--)
                {
                    if (network.Sizes[mode] % size != 0) continue;
                    sizes[mode] = size;
                    if (ActivationBytes(tiles) <= TileBytes) break;
                }
            }

            return tiles;
        }

        double Cost(LaneTiles tiles)
        {
            var again = Enumerable.Range(0, tiles.Steps - 1).Sum(i => activations[i].Union(weights[i]).Aggregate((double)LaneBlock.Width, (product, mode) => product * network.Sizes[mode]));
            var kept = activations.Skip(tiles.Steps).SkipLast(1).Sum(modes => modes.Aggregate((double)LaneBlock.Width * elementBytes, (product, mode) => product * network.Sizes[mode]));
            var tile = ActivationBytes(tiles);
            var spilled = tile <= TileBytes ? 0 : tile * tiles.Sizes.Aggregate(1.0, (product, cut) => product * (network.Sizes[cut.Key] / cut.Value));
            return again / MultiplyAdds + kept * KeptPasses / KeptBytes + spilled * TilePasses / SpilledBytes;
        }

        double ActivationBytes(LaneTiles tiles) =>
            activations.Take(tiles.Steps).Sum(modes => modes.Aggregate((double)LaneBlock.Width * elementBytes, (product, mode) => product * tiles.Sizes.GetValueOrDefault(mode, network.Sizes[mode])));
    }
}
