using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// The steps of a plan that carry samples, and how they are cut into tiles. The chain is tiled over the input mode that is summed last,
/// so that every intermediate before that sum stays in the second-level cache; the tiles' results add up in that step.
/// </summary>
internal sealed class LaneChain<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes that the intermediates of one tile may take: half of a second-level cache of 1 MiB.</summary>
    private const int TileBytes = 512 * 1024;

    private readonly TensorNetwork _network;
    private readonly int _tileMode;
    private readonly int _tileSize;
    private readonly int _outerRuns;
    private readonly int _innerLength;

    public LaneChain(ContractionPlan plan, ContractionExecutor<T> weights, ModeLayout output)
    {
        _network = plan.Network;
        int[] inputModes = [.. _network.OperandModes(_network.Operands.Count - 1).Skip(1)];
        var weightNodes = LaneContraction.Carriers(plan).Values;
        var activations = Activations(plan, inputModes);

        TiledStep = inputModes.Max(LastStepOf);
        _tileMode = inputModes.First(mode => LastStepOf(mode) == TiledStep);
        _tileSize = Enumerable.Range(1, _network.Sizes[_tileMode]).Last(size => _network.Sizes[_tileMode] % size == 0 && (size == 1 || TileFits(size)));
        TileCount = _network.Sizes[_tileMode] / _tileSize;

        // With nothing before the tiled mode, its indices stand together, and a tile is one run.
        var position = Array.IndexOf(inputModes, _tileMode);
        var outer = (int)_network.Volume(inputModes[..position]);
        var inner = (int)_network.Volume(inputModes[(position + 1)..]);
        (_outerRuns, _innerLength) = outer == 1 ? (1, inner * _tileSize) : (outer, inner);
        RunsPerTile = outer == 1 ? 1 : outer * _tileSize;

        var layouts = activations.Select((modes, i) => i == activations.Count - 1 ? output : new ModeLayout(TileFirst(modes), SizeAt(i))).ToArray();
        Steps = [.. weightNodes.Select((node, i) => new LaneStep<T>(node, weights.Layout(node), layouts[i], layouts[i + 1], SizeAt(i), TileOffsets(weights.Layout(node))))];

        int LastStepOf(int mode) => activations.FindLastIndex(modes => modes.Contains(mode));
        bool TileFits(int size) => activations.Take(TiledStep + 1)
            .Sum(modes => modes.Aggregate(1.0, (product, mode) => product * (mode == _tileMode ? size : _network.Sizes[mode]))) * LaneBlock.Width * ElementBytes <= TileBytes;
    }

    public IReadOnlyList<LaneStep<T>> Steps { get; }

    /// <summary>Number of the step that sums the tiled mode; the steps after it run once for all tiles.</summary>
    public int TiledStep { get; }

    public int TileCount { get; }

    /// <summary>Runs of features that make one tile, in the order in which the tile holds them.</summary>
    public int RunsPerTile { get; }

    /// <summary>Features that stand together in a run.</summary>
    public int RunLength => _innerLength;

    private static unsafe int ElementBytes => sizeof(T);

    /// <summary>First feature of a run of a tile.</summary>
    public int RunStart(int tile, int run)
    {
        if (RunsPerTile == 1) return tile * _innerLength;
        var (index, outer) = (tile * _tileSize + run / _outerRuns, run % _outerRuns);
        return (outer * _network.Sizes[_tileMode] + index) * _innerLength;
    }

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

    private int[] TileFirst(int[] modes) => [.. modes.Where(mode => mode == _tileMode), .. modes.Where(mode => mode != _tileMode)];

    private Func<int, int> SizeAt(int step) => mode => mode == _tileMode && step <= TiledStep ? _tileSize : _network.Sizes[mode];

    private int[] TileOffsets(ModeLayout weight) =>
        weight.Has(_tileMode) ? [.. Enumerable.Range(0, TileCount).Select(tile => weight.Offset(_tileMode, tile * _tileSize))] : [0];
}
