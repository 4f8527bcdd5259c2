using System.Numerics;

namespace HTensor.Core;

/// <summary>Makes the contraction of a weight matrix with samples in lanes, by the plan that is fastest for the batch.</summary>
public static class LaneContraction
{
    /// <summary>Activations of all units take this at most between the passes; beyond it they are computed again.</summary>
    internal const long KeptBytes = 64 << 20;

    /// <param name="matrix">The weight.</param>
    /// <param name="units">Blocks of sixteen samples, all steps counted.</param>
    /// <param name="outputOffsets">For each output mode, where each of its indices moves the output, in blocks; row-major where null.</param>
    /// <param name="plan">The plan to run; by default the fastest by the planner's model.</param>
    /// <exception cref="ArgumentException"><paramref name="outputOffsets"/> has not one table for each output mode, or one of another length than its mode.</exception>
    public static ILaneContraction<T> Create<T>(MatrixNetwork matrix, int units, IReadOnlyList<int[]>? outputOffsets = null, ContractionPlan? plan = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Create<T>(matrix, units, outputOffsets, plan, KeptBytes);

    /// <inheritdoc cref="Create{T}(MatrixNetwork, int, IReadOnlyList{int[]}?, ContractionPlan?)"/>
    internal static ILaneContraction<T> Create<T>(MatrixNetwork matrix, int units, IReadOnlyList<int[]>? outputOffsets, ContractionPlan? plan, long keptBytes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        if (outputOffsets is not null) LaneGuard.OutputOffsets(matrix.Modes, outputOffsets);
        plan ??= Plan(matrix, units * HTensor.Kernels.LaneBlock.Width);
        var network = plan.Network;
        var carriers = Carriers(plan);
        var weights = new ContractionExecutor<T>(plan, step => !carriers.ContainsKey(step));
        int[] outputs = [.. network.ResultModes.Skip(1)];
        var output = outputOffsets is null
            ? new ModeLayout(outputs, mode => network.Sizes[mode])
            : new ModeLayout(outputs, outputOffsets, matrix.Modes.Columns);
        // Measured for 16 x 16 to 256 x 256 and 1 to 24 units: forward and backward together, one product for all units is always faster.
        if (carriers.Count == 1)
            return new WholeLaneContraction<T>(plan, weights, carriers.Values.Single(), output, units);
        return new TiledLaneContraction<T>(weights, new LaneChain<T>(plan, weights, output), units, keptBytes);
    }

    /// <summary>The plan that <see cref="Create{T}(MatrixNetwork, int, IReadOnlyList{int[]}?, ContractionPlan?)"/> runs by default for a batch of samples, steps counted.</summary>
    public static ContractionPlan Plan(MatrixNetwork matrix, int samples, PlanObjective objective = PlanObjective.Time)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return ContractionPlanner.Plan(matrix.OverSamples(samples), objective, MatrixNetwork.SampleMode);
    }

    /// <summary>The steps that carry samples, in order, and the weight node that each multiplies by.</summary>
    internal static Dictionary<int, int> Carriers(ContractionPlan plan)
    {
        var node = plan.Network.Operands.Count - 1;
        var carriers = new Dictionary<int, int>();
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            var step = plan.Steps[i];
            if (step.Left != node && step.Right != node) continue;
            carriers[i] = step.Left == node ? step.Right : step.Left;
            node = plan.Network.Operands.Count + i;
        }

        return carriers;
    }
}
