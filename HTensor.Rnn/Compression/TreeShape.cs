using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// A tree over sets of factors, ranks not yet chosen: its leaves are modes made of neighbouring factors or groups of them. Numbers are counted as
/// <see cref="IdentityFrames.LeftOut"/> stores them.
/// </summary>
internal sealed class TreeShape
{
    private readonly int[] _left, _right;
    private readonly uint[] _sets;
    private readonly int[] _volumes;

    /// <param name="unfoldings">The factors.</param>
    /// <param name="nodes">Sets of factors and, of an inner node, its children by number; children before parents, the root last.</param>
    public TreeShape(Unfoldings unfoldings, IReadOnlyList<(uint Set, int Left, int Right)> nodes)
    {
        _sets = [.. nodes.Select(node => node.Set)];
        _left = [.. nodes.Select(node => node.Left)];
        _right = [.. nodes.Select(node => node.Right)];
        _volumes = [.. _sets.Select(unfoldings.Volume)];
        Tails = [.. _sets.SkipLast(1).Select(unfoldings.Tail)];
    }

    /// <summary>Squared errors of each node but the root by its rank.</summary>
    public IReadOnlyList<double[]> Tails { get; }

    public IReadOnlyList<uint> Sets => _sets;

    /// <summary>Whether all unfoldings are small enough to be known.</summary>
    public bool IsKnown => Tails.All(tail => tail.Length > 0);

    public int Nodes => _sets.Length;

    private int Root => _sets.Length - 1;

    public static TreeShape Split(Unfoldings unfoldings, uint set) => new(unfoldings, [(set, -1, -1), (unfoldings.All & ~set, -1, -1), (unfoldings.All, 0, 1)]);

    /// <summary>((a, b), c)</summary>
    public static TreeShape Chain(Unfoldings unfoldings, uint a, uint b) =>
        new(unfoldings, [(a, -1, -1), (b, -1, -1), (a | b, 0, 1), (unfoldings.All & ~(a | b), -1, -1), (unfoldings.All, 2, 3)]);

    /// <summary>((a, b), (c, d))</summary>
    public static TreeShape Balanced(Unfoldings unfoldings, uint a, uint b, uint c) =>
        new(unfoldings, [(a, -1, -1), (b, -1, -1), (a | b, 0, 1), (c, -1, -1), (unfoldings.All & ~(a | b | c), -1, -1), (unfoldings.All & ~(a | b), 3, 4), (unfoldings.All, 2, 5)]);

    public bool IsLeaf(int node) => _left[node] < 0;

    public (int Left, int Right) Children(int node) => (_left[node], _right[node]);

    /// <summary>The children of the root have one unfolding, and one rank.</summary>
    public bool IsTwin(int node) => node == _right[Root];

    public int Twin => _left[Root];

    /// <summary>Stored numbers for ranks of all nodes but the root.</summary>
    public double Count(int[] ranks)
    {
        Span<double> passed = stackalloc double[Nodes];
        Span<bool> stored = stackalloc bool[Nodes];
        var count = 0.0;
        for (var node = 0; node < Root; node++)
        {
            var reads = IsLeaf(node) ? _volumes[node] : passed[_left[node]] * passed[_right[node]];
            stored[node] = ranks[node] != reads;
            if (stored[node]) count += reads * ranks[node];
            passed[node] = ranks[node];
        }

        var (left, right) = (_left[Root], _right[Root]);
        var absorbed = passed[left] == passed[right] && (stored[left] || stored[right]);
        return absorbed ? count : count + passed[left] * passed[right];
    }

    /// <summary>The largest rank that a node can make use of, its children's being given.</summary>
    public int Largest(int node, int[] ranks)
    {
        var largest = Math.Min(Tails[node].Length - 1, _volumes[node]);
        return IsLeaf(node) ? largest : (int)Math.Min(largest, (long)ranks[_left[node]] * ranks[_right[node]]);
    }
}
