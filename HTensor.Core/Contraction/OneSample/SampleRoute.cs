using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// How the steps of a plan run for one sample: the cheapest sequence of choices, by dynamic programming over steps and modes in the lanes.
/// Costs are nanoseconds of one core, constants of the source as in <see cref="ContractionCost"/>; weights are packed beforehand and cost
/// only what reading them takes.
/// </summary>
internal sealed class SampleRoute
{
    private const double LaneMultiplyAdds = 40;
    private const double RowMultiplyAdds = 20;
    private const double Elements = 20;
    private const double Call = 30;
    private const double RowCall = 100;

    /// <summary>A transposition: a call each run, and its elements.</summary>
    private const double TranspositionCall = 60;
    private const double TransposedElements = 5;

    /// <summary>A frame as it is stored brought into one run of floats, element by element.</summary>
    private const double PlainElements = 1;

    /// <summary>Weights beyond a second-level cache come from memory, elements a nanosecond.</summary>
    private const double CachedWeights = 128 * 1024;
    private const double MemoryElements = 2.5;

    private readonly TensorNetwork _network;
    private readonly (int[] Weight, int[] Kept)[] _steps;
    private readonly Dictionary<string, (double Cost, SampleChoice[] Choices)> _best = [];

    public SampleRoute(ContractionPlan plan)
    {
        Plan = plan;
        _network = plan.Network;
        var samples = _network.ResultModes[0];
        _steps = [.. LaneContraction.Carriers(plan).Select(carrier => (
            plan.NodeModes(carrier.Value).ToArray(), plan.Steps[carrier.Key].Modes.Where(mode => mode != samples).ToArray()))];
        int[] input = [.. _network.OperandModes(_network.Operands.Count - 1).Skip(1)];
        (Cost, Choices) = Best(0, [], input);
    }

    public ContractionPlan Plan { get; }

    /// <summary>Nanoseconds by the model.</summary>
    public double Cost { get; }

    /// <summary>One for each step that carries the sample.</summary>
    public IReadOnlyList<SampleChoice> Choices { get; }

    /// <summary>The fastest of the plans that the planner finds for few and for many samples, weights being free for many.</summary>
    public static SampleRoute Find(MatrixNetwork matrix)
    {
        const double LargestRebuilt = 1 << 22;
        var network = matrix.OverSamples(1);
        var plans = new List<ContractionPlan>();
        foreach (var samples in (int[])[1, 16, 96, 1024, 16384])
        {
            foreach (var objective in (PlanObjective[])[PlanObjective.MultiplyAdds, PlanObjective.Time])
                plans.Add(new ContractionPlan(network, objective, [.. LaneContraction.Plan(matrix, samples, objective).Steps.Select(step => (step.Left, step.Right))]));
        }

        if (matrix.Cores.Count > 1 && (double)matrix.Modes.Rows * matrix.Modes.Columns <= LargestRebuilt) plans.Add(Rebuilt(matrix, network));
        return plans.Where(plan => LargestWeight(plan) <= LargestRebuilt || matrix.Cores.Count == 1).DefaultIfEmpty(plans[0]).Select(plan => new SampleRoute(plan)).MinBy(route => route.Cost)!;
    }

    private static double LargestWeight(ContractionPlan plan) => LaneContraction.Carriers(plan).Values.Max(node => plan.Network.Volume(plan.NodeModes(node)));

    /// <summary>W first, then one product; x is the last operand, so that the steps' results count one further.</summary>
    private static ContractionPlan Rebuilt(MatrixNetwork matrix, TensorNetwork network)
    {
        var cores = matrix.Cores.Count;
        var order = ContractionPlanner.Plan(matrix.Matrix, PlanObjective.MultiplyAdds).Steps.Select(step => (Shifted(step.Left), Shifted(step.Right))).ToList();
        order.Add((cores + order.Count, cores));
        return new ContractionPlan(network, PlanObjective.MultiplyAdds, order);
        int Shifted(int node) => node < cores ? node : node + 1;
    }

    private (double Cost, SampleChoice[] Choices) Best(int step, int[] outer, int[] lanes)
    {
        if (step == _steps.Length) return (0, []);
        var key = $"{step}:{string.Join(',', outer)}:{string.Join(',', lanes)}";
        if (_best.TryGetValue(key, out var known)) return known;
        var (weight, kept) = _steps[step];
        int[] present = [.. outer, .. lanes], added = [.. weight.Where(mode => kept.Contains(mode) && !present.Contains(mode))];
        (double Cost, SampleChoice[] Choices) best = (double.PositiveInfinity, []);
        Try(RowCost(step, present, added), new SampleChoice(SampleStepKind.Rows, null), [.. present.Where(kept.Contains)], added);
        if (step > 0 && !lanes.Any(weight.Contains)) Try(LaneCost(step, present, lanes, added), new SampleChoice(SampleStepKind.Lanes, null), [.. outer.Where(kept.Contains), .. added], lanes);
        foreach (var group in Groups(step, present))
        {
            int[] run = [.. SampleTransposition.Run(lanes, group)];
            int[] others = [.. present.Where(mode => !group.Contains(mode) && !run.Contains(mode))];
            var cost = TranspositionCost(group, others, run) + LaneCost(step, present, group, added);
            Try(cost, new SampleChoice(SampleStepKind.Lanes, group), [.. others.Where(kept.Contains), .. run.Where(kept.Contains), .. added], group);
        }

        return _best[key] = best;

        void Try(double cost, SampleChoice choice, int[] nextOuter, int[] nextLanes)
        {
            if (cost >= best.Cost) return;
            var rest = Best(step + 1, nextOuter, nextLanes);
            if (cost + rest.Cost < best.Cost) best = (cost + rest.Cost, [choice, .. rest.Choices]);
        }
    }

    /// <summary>Modes that the weights of this step and of some after it leave alone; and those of them that stand before the first that is not.</summary>
    private List<int[]> Groups(int step, int[] present)
    {
        var groups = new List<int[]>();
        var left = present;
        for (var last = step; last < _steps.Length; last++)
        {
            int[] group = [.. left.Where(mode => !_steps[last].Weight.Contains(mode))];
            if (group.Length == 0) break;
            if (last > step && group.Length == left.Length) continue;
            left = group;
            groups.Add(group);
            int[] leading = [.. present.TakeWhile(group.Contains)];
            if (leading.Length is > 0 && leading.Length < group.Length) groups.Add(leading);
        }

        return groups;
    }

    private double LaneCost(int step, int[] present, int[] lanes, int[] added)
    {
        var (weight, kept) = _steps[step];
        var padded = Padded(lanes);
        var rows = padded * Volume(present.Where(mode => !weight.Contains(mode) && !lanes.Contains(mode)));
        var batch = Volume(present.Where(mode => weight.Contains(mode) && kept.Contains(mode)));
        var depth = Volume(present.Where(mode => weight.Contains(mode) && !kept.Contains(mode)));
        var columns = Volume(added);
        return rows * batch * depth * columns / LaneMultiplyAdds + rows * batch * (depth + columns) / Elements + batch * Call;
    }

    private double RowCost(int step, int[] present, int[] added)
    {
        var (weight, kept) = _steps[step];
        var rows = Volume(present.Where(mode => !weight.Contains(mode)));
        var batch = Volume(present.Where(mode => weight.Contains(mode) && kept.Contains(mode)));
        var depth = Volume(present.Where(mode => weight.Contains(mode) && !kept.Contains(mode)));
        var weights = batch * depth * Padded(added);
        var memory = weights > CachedWeights ? weights / MemoryElements : 0;
        return Math.Max(rows * weights / RowMultiplyAdds, memory) + batch * RowCall + (step == 0 ? Volume(present) * PlainElements : 0);
    }

    private double TranspositionCost(int[] lanes, int[] others, int[] run)
    {
        var calls = Padded(lanes) / LaneBlock.Width * Volume(others);
        return calls * (TranspositionCall + Volume(run) * LaneBlock.Width / TransposedElements);
    }

    private double Padded(IEnumerable<int> modes) => Math.Ceiling(Volume(modes) / LaneBlock.Width) * LaneBlock.Width;

    private double Volume(IEnumerable<int> modes) => _network.Volume(modes);
}
