namespace HTensor.Onnx;

/// <summary>Brings values into any order and grouping of their modes, by Reshape and Transpose, and multiplies two of them.</summary>
/// <param name="graph">Where the nodes go.</param>
/// <param name="sizeOf">Size of a mode; negative: free.</param>
internal sealed class ModeNodes(GraphBuilder graph, Func<int, long> sizeOf)
{
    /// <summary>One axis for each group, the modes of a group in its order.</summary>
    public ModeValue Arrange(ModeValue value, params int[][] groups)
    {
        int[] order = [.. groups.SelectMany(group => group)];
        int[] axes = [.. groups.Select(group => group.Length)];
        if (!value.Modes.SequenceEqual(order)) value = Transposed(value, order);
        return value.Axes is { } present && present.SequenceEqual(axes) ? value : Reshaped(value, axes);
    }

    /// <summary>Sums the modes that both have and the result does not keep; what both have and the result keeps goes along.</summary>
    public ModeValue Multiply(ModeValue left, ModeValue right, IReadOnlyCollection<int> kept)
    {
        int[] shared = [.. left.Modes.Where(right.Modes.Contains)];
        int[] along = [.. shared.Where(kept.Contains)];
        int[] summed = [.. shared.Where(mode => !kept.Contains(mode))];
        int[] rows = [.. left.Modes.Except(shared)];
        int[] columns = [.. right.Modes.Except(shared)];
        int[][] Axes(int[] first, int[] second) => along.Length == 0 ? [first, second] : [along, first, second];
        var (a, b) = (Arrange(left, Axes(rows, summed)), Arrange(right, Axes(summed, columns)));
        return new ModeValue(graph.Node("MatMul", [a.Name, b.Name]), [.. along, .. rows, .. columns], [.. Axes(rows, columns).Select(group => group.Length)]);
    }

    /// <summary>Modes that stay beside each other move as one.</summary>
    private ModeValue Transposed(ModeValue value, int[] order)
    {
        var runs = new List<int[]>();
        for (var at = 0; at < value.Modes.Length;)
        {
            var first = at++;
            while (at < value.Modes.Length && Array.IndexOf(order, value.Modes[at]) == Array.IndexOf(order, value.Modes[at - 1]) + 1) at++;
            runs.Add(value.Modes[first..at]);
        }

        int[] axes = [.. runs.Select(run => run.Length)];
        if (value.Axes is null || !value.Axes.SequenceEqual(axes)) value = Reshaped(value, axes);
        var moved = Enumerable.Range(0, runs.Count).OrderBy(run => Array.IndexOf(order, runs[run][0])).ToArray();
        var name = graph.Node("Transpose", [value.Name], GraphBuilder.Attribute("perm", [.. moved.Select(axis => (long)axis)]));
        return new ModeValue(name, order, [.. moved.Select(run => axes[run])]);
    }

    private ModeValue Reshaped(ModeValue value, int[] axes)
    {
        var (shape, at) = (new long[axes.Length], 0);
        for (var axis = 0; axis < axes.Length; axis++)
        {
            var sizes = value.Modes.AsSpan(at, axes[axis]).ToArray().Select(sizeOf).ToArray();
            shape[axis] = sizes.Any(size => size < 0) ? -1 : sizes.Aggregate(1L, (product, size) => product * size);
            at += axes[axis];
        }

        return new ModeValue(graph.Node("Reshape", [value.Name, graph.Integers(shape)]), value.Modes, axes);
    }
}
