using HTensor.Core;

namespace HTensor.Bench;

/// <summary>The plans of a network worth timing: all that rotations reach from the planner's own without many more multiply-adds, the fewest first.</summary>
internal static class PlanSearch
{
    /// <summary>Multiply-adds and elements moved together, times those of the plan at the start: beyond it a plan is not looked at.</summary>
    private const double Slack = 1.6;

    private const double ElementsPerMultiplyAdd = 2;
    private const int Visited = 20000;

    public static IReadOnlyList<ContractionPlan> Around(IReadOnlyList<ContractionPlan> starts, int most)
    {
        var network = starts[0].Network;
        var limit = Slack * starts.Min(Work);
        var seen = new Dictionary<string, ContractionPlan>();
        var open = new Queue<ProductTree>();
        foreach (var start in starts) Visit(ProductTree.Of(start));
        while (open.TryDequeue(out var tree) && seen.Count < Visited)
        {
            foreach (var neighbour in tree.Neighbours()) Visit(neighbour);
        }

        return [.. seen.Values.OrderBy(Work).Where(plan => Work(plan) <= limit).Take(most)];

        void Visit(ProductTree tree)
        {
            if (seen.ContainsKey(tree.Key)) return;
            var plan = tree.Plan(network);
            seen[tree.Key] = plan;
            if (Work(plan) <= limit) open.Enqueue(tree);
        }
    }

    private static double Work(ContractionPlan plan) => plan.MultiplyAdds + ElementsPerMultiplyAdd * plan.ElementsMoved;
}
