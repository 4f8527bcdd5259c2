namespace HTensor.Core;

/// <summary>
/// How cores [a, b, c] hang together as a rooted tree, children before parents, the root last: a is the rank of the left child (1 where there is
/// none), b the rank of the right child or the size of a mode, c the rank towards the parent. Hierarchical Tucker is such a tree (a leaf has a mode
/// and no child), and so is a tensor train (core k has core k - 1 as its left child and mode k): what is written over it serves both.
/// </summary>
internal sealed class CoreTree
{
    public CoreTree(int[] left, int[] right, int[] mode)
    {
        (Left, Right, Mode) = (left, right, mode);
        Parent = new int[left.Length];
        Array.Fill(Parent, -1);
        NodeOfMode = new int[mode.Count(held => held >= 0)];
        for (var node = 0; node < left.Length; node++)
        {
            if (left[node] >= 0) Parent[left[node]] = node;
            if (right[node] >= 0) Parent[right[node]] = node;
            if (mode[node] >= 0) NodeOfMode[mode[node]] = node;
        }
    }

    /// <summary>Left child; -1 where there is none.</summary>
    public int[] Left { get; }

    /// <summary>Right child; -1 where the core has a mode in its place.</summary>
    public int[] Right { get; }

    public int[] Parent { get; }

    /// <summary>The mode that the core's middle index counts; -1 where that is the right child's rank.</summary>
    public int[] Mode { get; }

    public int[] NodeOfMode { get; }

    public int Count => Left.Length;

    public int Root => Count - 1;

    public int Order => NodeOfMode.Length;

    /// <summary>Cores of a tensor train: each has the one before as its left child.</summary>
    public static CoreTree Train(int order)
    {
        int[] left = new int[order], right = new int[order], mode = new int[order];
        for (var k = 0; k < order; k++) (left[k], right[k], mode[k]) = (k - 1, -1, k);
        return new CoreTree(left, right, mode);
    }

    /// <summary>The same tree with mode m called <paramref name="names"/>[m].</summary>
    public CoreTree Renamed(int[] names) => new(Left, Right, [.. Mode.Select(mode => mode < 0 ? -1 : names[mode])]);

    /// <summary>Whether both are the same tree over the same modes.</summary>
    public bool SameAs(CoreTree other) =>
        this == other || (Left.AsSpan().SequenceEqual(other.Left) && Right.AsSpan().SequenceEqual(other.Right) && Mode.AsSpan().SequenceEqual(other.Mode));

    /// <summary>The modes in the order in which a node's frame counts them, left before right, of the root: the first changes slowest.</summary>
    public int[] ModesOfRoot()
    {
        var modes = new List<int>(Order);
        var stack = new Stack<int>([Root]);
        while (stack.TryPop(out var node))
        {
            // Right before left: the list is turned around.
            if (Mode[node] >= 0) modes.Add(Mode[node]);
            if (Left[node] >= 0) stack.Push(Left[node]);
            if (Right[node] >= 0) stack.Push(Right[node]);
        }

        modes.Reverse();
        return [.. modes];
    }

    /// <summary>The dimension tree with these nodes: each core with a mode and no child a leaf, each other one a pair.</summary>
    public DimensionTree ToDimensionTree()
    {
        var nodes = new DimensionTree[Count];
        for (var node = 0; node < Count; node++)
            nodes[node] = Left[node] < 0 ? DimensionTree.Leaf(Mode[node]) : DimensionTree.Node(nodes[Left[node]], nodes[Right[node]]);
        return nodes[Root];
    }
}
