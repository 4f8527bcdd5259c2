namespace HTensor.Core;

/// <summary>A dimension tree as arrays over its nodes, children before parents, the root last: what algorithms walk with loops.</summary>
internal sealed class TreeLayout
{
    private readonly Dictionary<DimensionTree, int> _index = [];
    private string[]? _keys;

    /// <exception cref="ArgumentException">The tree does not hold each of the modes 0 to d-1 once.</exception>
    public TreeLayout(DimensionTree tree)
    {
        RequireEveryModeOnce(tree);
        var nodes = tree.Nodes();
        for (var i = 0; i < nodes.Count; i++) _index[nodes[i]] = i;
        Nodes = [.. nodes];
        Left = [.. nodes.Select(node => node.IsLeaf ? -1 : _index[node.Left!])];
        Right = [.. nodes.Select(node => node.IsLeaf ? -1 : _index[node.Right!])];
        Parent = new int[nodes.Count];
        LeafOfMode = new int[tree.Modes.Count];
        Parent[Root] = -1;
        for (var i = 0; i < nodes.Count; i++)
        {
            if (nodes[i].IsLeaf) LeafOfMode[nodes[i].Modes[0]] = i;
            else Parent[Left[i]] = Parent[Right[i]] = i;
        }

        Cores = new CoreTree(Left, Right, [.. nodes.Select(node => node.IsLeaf ? node.Modes[0] : -1)]);
    }

    public DimensionTree[] Nodes { get; }

    /// <summary>Index of the left child; -1 at a leaf.</summary>
    public int[] Left { get; }

    /// <summary>Index of the right child; -1 at a leaf.</summary>
    public int[] Right { get; }

    /// <summary>Index of the parent; -1 at the root.</summary>
    public int[] Parent { get; }

    /// <summary>The leaf of each mode.</summary>
    public int[] LeafOfMode { get; }

    /// <summary>The same tree as one of cores: a leaf's frame [n, r] is [1, n, r].</summary>
    public CoreTree Cores { get; }

    /// <summary>The modes of each node as text.</summary>
    public string[] Keys => _keys ??= [.. Nodes.Select(node => node.Key)];

    public int Count => Nodes.Length;

    public int Root => Nodes.Length - 1;

    public bool IsLeaf(int node) => Left[node] < 0;

    public int IndexOf(DimensionTree node) => _index[node];

    private static void RequireEveryModeOnce(DimensionTree tree)
    {
        var times = new int[tree.Modes.Count];
        foreach (var mode in tree.Modes)
        {
            if (mode < 0 || mode >= times.Length) throw new ArgumentException($"dimension tree: expected modes 0 to {times.Length - 1}, found mode {mode}");
            if (++times[mode] > 1) throw new ArgumentException($"dimension tree: expected each of the modes 0 to {times.Length - 1} once, found mode {mode} twice");
        }
    }
}
