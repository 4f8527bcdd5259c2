using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>A tree of sets of factors as a format: neighbouring factors of one leaf are one mode, and a leaf of several modes is a subtree of identities.</summary>
internal static class TreeText
{
    public static IMatrixFormat Format(Unfoldings unfoldings, TreeShape shape, int[] ranks)
    {
        // A mode: neighbouring factors of one side that are in the same leaf.
        var leaves = Enumerable.Range(0, shape.Nodes).Where(shape.IsLeaf).ToArray();
        int LeafOf(int factor) => leaves.First(leaf => (shape.Sets[leaf] >> factor & 1) != 0);
        var modes = new List<(int Leaf, int Size, bool Input)>();
        for (var factor = 0; factor < unfoldings.Sizes.Count; factor++)
        {
            var (leaf, input) = (LeafOf(factor), factor < unfoldings.Inputs);
            if (factor > 0 && modes[^1].Leaf == leaf && modes[^1].Input == input) modes[^1] = modes[^1] with { Size = modes[^1].Size * unfoldings.Sizes[factor] };
            else modes.Add((leaf, unfoldings.Sizes[factor], input));
        }

        var order = new List<int>();
        var text = Text(shape, shape.Nodes - 1, ranks, modes, order);
        var own = new MatrixModes([.. modes.Select(mode => mode.Input ? mode.Size : 1)], [.. modes.Select(mode => mode.Input ? 1 : mode.Size)]);
        return WeightFormat.OverModes(WeightFormat.HierarchicalTucker([.. order.SkipLast(1)], text, IdentityFrames.LeftOut), own.Inputs, own.Outputs);
    }

    /// <summary>Writes the ranks in the order of the tree's nodes, the root's last.</summary>
    private static string Text(TreeShape shape, int node, int[] ranks, List<(int Leaf, int Size, bool Input)> modes, List<int> order)
    {
        var rank = node < ranks.Length ? ranks[node] : 1;
        if (!shape.IsLeaf(node))
        {
            var (left, right) = shape.Children(node);
            var inner = $"({Text(shape, left, ranks, modes, order)},{Text(shape, right, ranks, modes, order)})";
            order.Add(rank);
            return inner;
        }

        int[] own = [.. Enumerable.Range(0, modes.Count).Where(mode => modes[mode].Leaf == node)];
        var (text, volume) = ($"{own[0]}", modes[own[0]].Size);
        order.Add(own.Length == 1 ? rank : volume);
        foreach (var mode in own.Skip(1))
        {
            order.Add(modes[mode].Size);
            volume *= modes[mode].Size;
            text = $"({text},{mode})";
            order.Add(mode == own[^1] ? rank : volume);
        }

        return text;
    }
}
