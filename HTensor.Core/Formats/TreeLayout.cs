namespace HTensor.Core;

/// <summary>A dimension tree as arrays over its nodes, children before parents, the root last: what algorithms walk with loops.</summary>
internal sealed class TreeLayout
{
    private readonly Dictionary<DimensionTree, int> _index = [];

    public TreeLayout(DimensionTree tree)
    {
        var stack = new Stack<(DimensionTree Node, VisitState State)>([(tree, VisitState.Entered)]);
        var nodes = new List<DimensionTree>();
        while (stack.TryPop(out var visit))
        {
            if (visit.Node.IsLeaf || visit.State == VisitState.ChildrenDone)
            {
                _index[visit.Node] = nodes.Count;
                nodes.Add(visit.Node);
                continue;
            }

            stack.Push((visit.Node, VisitState.ChildrenDone));
            stack.Push((visit.Node.Right!, VisitState.Entered));
            stack.Push((visit.Node.Left!, VisitState.Entered));
        }

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

    private enum VisitState
    {
        Entered,
        ChildrenDone,
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

    public int Count => Nodes.Length;

    public int Root => Nodes.Length - 1;

    public bool IsLeaf(int node) => Left[node] < 0;

    public int IndexOf(DimensionTree node) => _index[node];
}
