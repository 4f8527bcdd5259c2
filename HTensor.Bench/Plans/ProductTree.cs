using HTensor.Core;

namespace HTensor.Bench;

/// <summary>An order of pairwise products as a binary tree over operands; its neighbours differ by one rotation.</summary>
internal sealed record ProductTree(int Operand, ProductTree? Left = null, ProductTree? Right = null)
{
    public static ProductTree Of(ContractionPlan plan)
    {
        var nodes = Enumerable.Range(0, plan.Network.Operands.Count).Select(operand => new ProductTree(operand)).ToList();
        foreach (var step in plan.Steps) nodes.Add(new ProductTree(-1, nodes[step.Left], nodes[step.Right]));
        return nodes[^1];
    }

    public ContractionPlan Plan(TensorNetwork network)
    {
        var order = new List<(int, int)>();
        Emit(this);
        return new ContractionPlan(network, PlanObjective.Time, order);

        int Emit(ProductTree tree)
        {
            if (tree.Left is null || tree.Right is null) return tree.Operand;
            var pair = (Emit(tree.Left), Emit(tree.Right));
            order.Add(pair);
            return network.Operands.Count + order.Count - 1;
        }
    }

    /// <summary>The same for trees whose products are the same pairs.</summary>
    public string Key => Left is null || Right is null
        ? $"{Operand}"
        : string.CompareOrdinal(Left.Key, Right.Key) < 0 ? $"({Left.Key},{Right.Key})" : $"({Right.Key},{Left.Key})";

    /// <summary>(A, (B, C)) becomes ((A, B), C) or ((A, C), B), at every node.</summary>
    public IEnumerable<ProductTree> Neighbours()
    {
        if (Left is null || Right is null) yield break;
        foreach (var (a, pair) in ((ProductTree, ProductTree)[])[(Left, Right), (Right, Left)])
        {
            if (pair.Left is { } b && pair.Right is { } c)
            {
                yield return new(-1, new(-1, a, b), c);
                yield return new(-1, new(-1, a, c), b);
            }

            foreach (var neighbour in pair.Neighbours()) yield return new(-1, a, neighbour);
        }
    }
}
