using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Contraction;

/// <summary>
/// Orders that no planner would choose, so that every path of the tiling is taken: tiles of a mode that does not stand first, steps behind
/// the tiled one, weights that have the tiled mode and keep it, bonds of many operands as batches.
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
        foreach (var matrix in layers)
        {
            var problem = new LaneProblem<double>(matrix, 2, 1);
            for (var round = 0; round < 20; round++) problem.Check(ThreadTeam.Inline, RandomPlan(matrix.OverSamples(32), random));
        }
    }

    [Fact]
    public void Random_orders_of_tiled_layers_agree_with_packed_products()
    {
        // More input blocks than a tile holds: some order tiles the first mode, some another, some has steps behind it.
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
                seen.Add($"{(chain.TileCount > 1 ? "tiles" : "whole")}, {(chain.TiledStep + 1 < chain.Steps.Count ? "steps behind" : "none behind")}, {(chain.RunsPerTile > 1 ? "inner mode" : "first mode")}");
            }

            problems[round % layers.Length].Check(ThreadTeam.Inline, plan, LaneReference.ByExecutor);
        }

        foreach (var steps in new[] { "steps behind", "none behind" })
        {
            Assert.Contains($"tiles, {steps}, first mode", seen);
            Assert.Contains($"tiles, {steps}, inner mode", seen);
        }
    }

    [Fact]
    public void The_published_layer_is_tiled()
    {
        var matrix = Published.Network("ht");
        Assert.True(Chain(matrix, LaneContraction.Plan(matrix, 96)).TileCount > 1);
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
