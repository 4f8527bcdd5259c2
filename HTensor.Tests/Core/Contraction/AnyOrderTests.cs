using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Contraction;

/// <summary>
/// Orders that no planner would choose, so that every path of the tiling is taken: tiles of modes that do not stand first, of several
/// modes, steps behind the tiled ones, all steps in one tile, bonds of many operands as batches.
/// </summary>
public sealed class AnyOrderTests
{
    [Fact]
    public void Random_orders_of_small_layers_are_the_sum_over_all_indices()
    {
        MatrixNetwork[] layers =
        [
            new HierarchicalTuckerFormat(2, 2).Describe(new MatrixModes([2, 3, 2, 2], [2, 2, 4, 1])),
            new TensorTrainFormat(2).Describe(new MatrixModes([3, 2, 2, 2], [2, 2, 3, 2])),
            new TensorRingFormat(2, 3).Describe(new MatrixModes([3, 4, 2], [2, 3])),
            new BlockTermFormat(2, 2).Describe(new MatrixModes([3, 4, 2], [2, 2, 3])),
        ];
        var random = new Philox(8);
        var wholeChains = 0;
        foreach (var matrix in layers)
        {
            var problem = new LaneProblem<double>(matrix, 2, 1);
            for (var round = 0; round < 20; round++)
            {
                var plan = RandomPlan(matrix.OverSamples(32), random);
                problem.Check(ThreadTeam.Inline, plan);
                if (LaneContraction.Carriers(plan).Count > 1 && Chain(matrix, plan) is var chain && chain.TiledSteps == chain.Steps.Count) wholeChains++;
            }
        }

        // Small as they are, nothing is worth keeping: every step is in the tile. Steps behind the tiles are the next test's.
        Assert.True(wholeChains > 0);
    }

    [Fact]
    public void Random_orders_of_tiled_layers_agree_with_packed_products()
    {
        // More input blocks than a tile holds: some order cuts the first mode, some others.
        MatrixNetwork[] layers =
        [
            new HierarchicalTuckerFormat(2, 2).Describe(new MatrixModes([6, 9, 10, 10], [2, 1, 2, 2])),
            new TensorTrainFormat(2).Describe(new MatrixModes([12, 5, 10, 10], [2, 2, 1, 2])),
            new BlockTermFormat(2, 1).Describe(new MatrixModes([20, 15, 18], [2, 2, 2])),
        ];
        var random = new Philox(4);
        var seen = new HashSet<string>();
        var problems = layers.Select(matrix => new LaneProblem<double>(matrix, 2, 1, unit => unit == 1)).ToArray();
        for (var round = 0; round < 24; round++)
        {
            var matrix = layers[round % layers.Length];
            var plan = RandomPlan(matrix.OverSamples(32), random);
            if (LaneContraction.Carriers(plan).Count > 1)
            {
                var chain = Chain(matrix, plan);
                seen.Add($"{(chain.TileCount > 1 ? "tiles" : "whole")}, {(chain.TiledSteps < chain.Steps.Count ? "steps behind" : "none behind")}, {(chain.RunsPerTile > 1 ? "many runs" : "one run")}");
            }

            problems[round % layers.Length].Check(ThreadTeam.Inline, plan, LaneReference.ByExecutor);
        }

        foreach (var path in new[] { "tiles, steps behind, one run", "tiles, steps behind, many runs", "whole, steps behind, one run" }) Assert.Contains(path, seen);
    }

    [Fact]
    public void What_is_not_kept_is_computed_again_with_the_same_bits()
    {
        var matrix = Published.Network("ht");
        var problem = new LaneProblem<float>(matrix, 3, 7, unit => unit != 1);
        var expected = problem.Run(ThreadTeam.Inline);
        problem.KeptBytes = 0;
        Assert.Equal(expected, problem.Run(ThreadTeam.Inline));
    }

    /// <summary>What a tile sums, and what it keeps, of the layer that the cut was made for.</summary>
    [Fact]
    public void The_published_layer_is_tiled()
    {
        var matrix = Published.Network("ht");
        var chain = Chain(matrix, LaneContraction.Plan(matrix, 96));
        Assert.True(chain.TileCount > 8, $"{chain.TileCount} tiles");
        Assert.Equal((3, 5, 1), (chain.TiledSteps, chain.Steps.Count, chain.RunsPerTile));
    }

    internal static ContractionPlan RandomPlan(TensorNetwork network, Philox random)
    {
        var open = Enumerable.Range(0, network.Operands.Count).ToList();
        var order = new List<(int, int)>();
        while (open.Count > 1)
        {
            var left = Take();
            order.Add((left, Take()));
            open.Add(network.Operands.Count + order.Count - 1);
        }

        return new ContractionPlan(network, PlanObjective.Time, order);

        int Take()
        {
            var at = random.NextInt32(open.Count);
            var node = open[at];
            open.RemoveAt(at);
            return node;
        }
    }

    private static LaneChain<double> Chain(MatrixNetwork matrix, ContractionPlan plan)
    {
        var carriers = LaneContraction.Carriers(plan);
        var weights = new ContractionExecutor<double>(plan, step => !carriers.ContainsKey(step));
        return new LaneChain<double>(plan, weights, new ModeLayout([.. plan.Network.ResultModes.Skip(1)], mode => plan.Network.Sizes[mode]));
    }
}
