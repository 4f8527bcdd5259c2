using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>The steps of a plan that carry samples, and where their tiles stand (<see cref="LaneTiles"/>).</summary>
internal sealed class LaneChain<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _tileStarts, _runStarts, _tileBlocks;

    public LaneChain(ContractionPlan plan, ContractionExecutor<T> weights, ModeLayout output)
    {
        var network = plan.Network;
        int[] inputModes = [.. network.OperandModes(network.Operands.Count - 1).Skip(1)];
        int[] weightNodes = [.. LaneContraction.Carriers(plan).Values];
        var activations = Activations(plan, inputModes);
        var tiles = LaneTiles.Choose(network, activations, [.. weightNodes.Select(node => weights.Layout(node).Modes)], ElementBytes);
        TiledSteps = tiles.Steps;

        int Whole(int mode) => network.Sizes[mode];
        int InTile(int mode) => tiles.Sizes.GetValueOrDefault(mode, network.Sizes[mode]);
        Func<int, int> SizeAt(int step) => step < tiles.Steps ? InTile : Whole;
        var layouts = activations.Select((modes, i) => i == activations.Count - 1 ? output : new ModeLayout(modes, SizeAt(i))).ToArray();
        Steps = [.. weightNodes.Select((node, i) => new LaneStep<T>(node, weights.Layout(node), layouts[i], layouts[i + 1], SizeAt(i)))];

        // Behind the last mode that is cut, features stand together.
        var features = new ModeLayout(inputModes, Whole);
        int[] cut = [.. inputModes.Where(mode => InTile(mode) < Whole(mode))];
        var last = cut.Length == 0 ? -1 : Array.IndexOf(inputModes, cut[^1]);
        RunLength = inputModes.Skip(Math.Max(last, 0)).Aggregate(1, (product, mode) => product * InTile(mode));
        _runStarts = features.Offsets(inputModes.Take(Math.Max(last, 0)), InTile);
        _tileStarts = TileStarts(features);
        _tileBlocks = TileStarts(layouts[TiledSteps]);

        // Where index 0, size, 2 size, ... of every cut mode moves.
        int[] TileStarts(ModeLayout layout)
        {
            int[] starts = [0];
            foreach (var mode in cut)
            {
                int[] moves = [.. Enumerable.Range(0, Whole(mode) / InTile(mode)).Select(i => layout.Offset(mode, i * InTile(mode)))];
                starts = [.. starts.SelectMany(start => moves.Select(move => start + move))];
            }

            return starts;
        }
    }

    public IReadOnlyList<LaneStep<T>> Steps { get; }

    /// <summary>Steps that run tile by tile; those after them run once for all tiles.</summary>
    public int TiledSteps { get; }

    public int TileCount => _tileStarts.Length;

    /// <summary>Runs of features that make one tile, in the order in which the tile holds them.</summary>
    public int RunsPerTile => _runStarts.Length;

    /// <summary>Features that stand together in a run.</summary>
    public int RunLength { get; }

    private static unsafe int ElementBytes => sizeof(T);

    /// <summary>First feature of a run of a tile.</summary>
    public int RunStart(int tile, int run) => _tileStarts[tile] + _runStarts[run];

    /// <summary>Where a tile's result starts among the blocks of all tiles.</summary>
    public int TileBlock(int tile) => _tileBlocks[tile];

    /// <summary>Modes of the activation before each step and behind the last. Rows keep their order, what a weight brings goes innermost: the next step sums over it.</summary>
    private static List<int[]> Activations(ContractionPlan plan, IEnumerable<int> inputModes)
    {
        var activations = new List<int[]> { inputModes.ToArray() };
        foreach (var (index, weight) in LaneContraction.Carriers(plan))
        {
            var (kept, before) = (plan.Steps[index].Modes, activations[^1]);
            activations.Add([.. before.Where(kept.Contains), .. plan.NodeModes(weight).Where(mode => kept.Contains(mode) && !before.Contains(mode))]);
        }

        return activations;
    }
}
