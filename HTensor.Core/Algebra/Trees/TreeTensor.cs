using System.Numerics;

namespace HTensor.Core;

/// <summary>A tensor as a tree of cores [a, b, c]; what hierarchical Tucker and tensor train have in common. Cores are shared, never written.</summary>
internal sealed class TreeTensor<T>(CoreTree tree, int[] modeSizes, int[] ranks, T[][] cores)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public CoreTree Tree { get; } = tree;

    public int[] ModeSizes { get; } = modeSizes;

    /// <summary>The rank of each node towards its parent; the root's is 1.</summary>
    public int[] Ranks { get; } = ranks;

    public T[][] Cores { get; } = cores;

    public int Order => ModeSizes.Length;

    public int A(int node) => Tree.Left[node] < 0 ? 1 : Ranks[Tree.Left[node]];

    public int B(int node) => Tree.Mode[node] >= 0 ? ModeSizes[Tree.Mode[node]] : Ranks[Tree.Right[node]];

    public int C(int node) => Ranks[node];

    public int Length(int node) => Ranks.Length == 0 ? 0 : checked(A(node) * B(node) * C(node));

    /// <summary>The same tree and ranks with other cores at some nodes.</summary>
    public TreeTensor<T> With(Func<int, T[]> core)
    {
        var cores = new T[Tree.Count][];
        for (var node = 0; node < cores.Length; node++) cores[node] = core(node);
        return new TreeTensor<T>(Tree, ModeSizes, Ranks, cores);
    }

    /// <summary>The same tensor with another core at the root.</summary>
    public TreeTensor<T> WithRoot(T[] core)
    {
        T[][] cores = [.. Cores];
        cores[Tree.Root] = core;
        return new TreeTensor<T>(Tree, ModeSizes, Ranks, cores);
    }
}
