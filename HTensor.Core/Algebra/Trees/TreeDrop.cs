using System.Numerics;

namespace HTensor.Core;

/// <summary>
/// Modes of size 1 taken out of a tree. A core whose modes have all gone is a vector, which its parent takes in; a core left with one child is a
/// matrix, which that child takes in.
/// </summary>
internal sealed class TreeDrop<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TreeTensor<T> _x;
    private readonly bool[] _dropped;
    private readonly int[] _newMode;

    /// <summary>The kept node that stands for a node; -1 where it is a vector.</summary>
    private readonly int[] _standIn;
    private readonly T[]?[] _vectors;
    private readonly List<(int Left, int Right, int Mode, int Rank, T[] Core)> _kept = [];

    private TreeDrop(TreeTensor<T> x, bool[] dropped)
    {
        (_x, _dropped, _newMode) = (x, dropped, new int[x.Order]);
        (_standIn, _vectors) = (new int[x.Tree.Count], new T[x.Tree.Count][]);
        for (int mode = 0, next = 0; mode < x.Order; mode++) _newMode[mode] = dropped[mode] ? -1 : next++;
    }

    /// <summary>X without the modes that are marked, each of size 1; at least one mode stays.</summary>
    public static TreeTensor<T> Run(TreeTensor<T> x, bool[] dropped)
    {
        if (!dropped.Contains(true)) return x;
        var drop = new TreeDrop<T>(x, dropped);
        for (var node = 0; node < x.Tree.Count; node++) drop.Visit(node);
        return drop.Result();
    }

    private void Visit(int node)
    {
        var tree = _x.Tree;
        int left = tree.Left[node], right = tree.Right[node], mode = tree.Mode[node];
        int a = _x.A(node), b = _x.B(node), c = _x.C(node);
        var core = _x.Cores[node];
        if (left >= 0 && _vectors[left] is { } fromLeft)
        {
            (core, a) = (Contract(fromLeft, core, 1, a, b * c), 1);
            left = -1;
        }

        if (right >= 0 && _vectors[right] is { } fromRight)
        {
            (core, b) = (Contract(fromRight, core, a, b, c), 1);
            right = -1;
        }

        if (mode >= 0 && _dropped[mode]) mode = -1;
        var (keptLeft, keptRight) = (left < 0 ? -1 : _standIn[left], right < 0 ? -1 : _standIn[right]);
        if (mode >= 0 || (keptLeft >= 0 && keptRight >= 0))
        {
            _standIn[node] = _kept.Count;
            _kept.Add((keptLeft, keptRight, mode < 0 ? -1 : _newMode[mode], c, core));
        }
        else if (keptLeft >= 0 || keptRight >= 0)
        {
            _standIn[node] = int.Max(keptLeft, keptRight);
            Absorb(_standIn[node], a * b, c, core);
        }
        else
        {
            (_standIn[node], _vectors[node]) = (-1, core);
        }
    }

    /// <summary>to[o, i] = sum_k vector[k] core[o, k, i].</summary>
    private static T[] Contract(T[] vector, T[] core, int outer, int length, int inner)
    {
        var to = new T[outer * inner];
        RowMajor.MultiplyEach<T>(outer, 1, inner, length, vector, core, to);
        return to;
    }

    private void Absorb(int kept, int rank, int newRank, T[] matrix)
    {
        var (left, right, mode, _, core) = _kept[kept];
        var to = new T[core.Length / rank * newRank];
        RowMajor.Multiply<T>(core.Length / rank, newRank, rank, core, matrix, to);
        _kept[kept] = (left, right, mode, newRank, to);
    }

    private TreeTensor<T> Result()
    {
        var tree = new CoreTree([.. _kept.Select(node => node.Left)], [.. _kept.Select(node => node.Right)], [.. _kept.Select(node => node.Mode)]);
        int[] sizes = [.. _x.ModeSizes.Where((_, mode) => !_dropped[mode])];
        return new TreeTensor<T>(tree, sizes, [.. _kept.Select(node => node.Rank)], [.. _kept.Select(node => node.Core)]);
    }
}
