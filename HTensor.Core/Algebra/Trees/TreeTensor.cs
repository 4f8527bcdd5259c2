using System.Numerics;

namespace HTensor.Core;

/// <summary>
/// A tensor as a tree of cores [a, b, c]; what hierarchical Tucker and tensor train have in common. Cores are shared, never written. Those of a sum are
/// built, zeros and all, one by one when they are first asked for: what truncates it, or takes its norm, has its terms.
/// </summary>
internal sealed class TreeTensor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[][] _cores;
    private volatile bool _whole;

    public TreeTensor(CoreTree tree, int[] modeSizes, int[] ranks, T[][] cores) => (Tree, ModeSizes, Ranks, _cores) = (tree, modeSizes, ranks, cores);

    public TreeTensor(CoreTree tree, int[] modeSizes, int[] ranks, SumOfTrees<T> sum) => (Tree, ModeSizes, Ranks, Sum, _cores) = (tree, modeSizes, ranks, sum, new T[tree.Count][]);

    public CoreTree Tree { get; }

    public int[] ModeSizes { get; }

    /// <summary>The rank of each node towards its parent; the root's is 1.</summary>
    public int[] Ranks { get; }

    /// <summary>The terms of a sum; null of what is none.</summary>
    public SumOfTrees<T>? Sum { get; }

    /// <summary>All cores.</summary>
    public T[][] Cores
    {
        get
        {
            if (_whole || Sum is null) return _cores;
            for (var node = 0; node < _cores.Length; node++) Core(node);
            _whole = true;
            return _cores;
        }
    }

    /// <summary>One core; threads that ask at the same time get the same array.</summary>
    public T[] Core(int node) => Volatile.Read(ref _cores[node]) ?? Interlocked.CompareExchange(ref _cores[node], TreeSum.Core(this, node), null) ?? _cores[node];

    /// <summary>Numbers in all cores.</summary>
    public long StoredNumbers
    {
        get
        {
            var count = 0L;
            for (var node = 0; node < Tree.Count; node++) count += (long)A(node) * B(node) * C(node);
            return count;
        }
    }

    public int Order => ModeSizes.Length;

    public int A(int node) => Tree.Left[node] < 0 ? 1 : Ranks[Tree.Left[node]];

    public int B(int node) => Tree.Mode[node] >= 0 ? ModeSizes[Tree.Mode[node]] : Ranks[Tree.Right[node]];

    public int C(int node) => Ranks[node];

    public int Length(int node) => AlgebraGuard.CoreLength(A(node), B(node), C(node));

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

/// <summary>sum_i w_i X_i.</summary>
internal sealed record SumOfTrees<T>(TreeTensor<T>[] Terms, T[] Weights)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
