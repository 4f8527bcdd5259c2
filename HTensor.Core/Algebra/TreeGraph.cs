using System.Numerics;
using System.Numerics.Tensors;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A tensor's tree without a root: leaves [n, r] and cores of three legs, orthonormal towards one of them, the centre. Two cores are exchanged for two
/// others by an SVD of both together, which at the centre is one of the whole tensor: nothing but rounding is dropped.
/// </summary>
internal sealed class TreeGraph<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Numbers of two cores together, 64 at each leg: their SVD takes minutes and a gigabyte beyond.</summary>
    private const int MostTogether = 1 << 24;

    private readonly int[][] _legs;
    private readonly int[][] _sizes;
    private readonly T[][] _cores;
    private readonly bool[] _inside;
    private readonly double _norm;

    /// <summary>The square of what rounding has made so far, which is what an exchange drops.</summary>
    private double _rounding;
    private int _center;

    /// <param name="x">A tree of two modes or more whose cores with a mode are leaves.</param>
    public TreeGraph(OrthogonalTree<T> x)
    {
        var (tensor, tree) = (x.Tensor, x.Tensor.Tree);
        var root = tree.Root;
        (_legs, _sizes, _cores, _inside) = (new int[root][], new int[root][], [.. tensor.Cores[..root]], new bool[root]);
        for (var node = 0; node < root; node++)
        {
            // The root's core is a matrix between its children, of which one takes it in.
            var parent = tree.Parent[node] != root ? tree.Parent[node] : node == tree.Left[root] ? tree.Right[root] : tree.Left[root];
            var leaf = tree.Mode[node] >= 0;
            _legs[node] = leaf ? [-1, parent] : [tree.Left[node], tree.Right[node], parent];
            _sizes[node] = leaf ? [tensor.B(node), tensor.C(node)] : [tensor.A(node), tensor.B(node), tensor.C(node)];
        }

        // The edge between them has the smaller of their ranks.
        var (a, b) = (tensor.A(root), tensor.B(root));
        _center = a >= b ? tree.Left[root] : tree.Right[root];
        if (a >= b) MultiplyLast(_center, tensor.Cores[root], b);
        else MultiplyLast(_center, Permutation.Apply(tensor.Cores[root], [a, b], [1, 0]), a);
        (_norm, _rounding) = (x.Norm, x.Rounding * x.Rounding);
    }

    /// <summary>Makes two nodes neighbours of one core and gives that core: what is behind it from there on counts as one node, it.</summary>
    public int Join(int first, int second)
    {
        var path = Path(first, second);
        for (var i = 1; i + 2 < path.Length; i++) Exchange(path[i], path[i + 1], first, path[i + 2]);
        _inside[first] = _inside[second] = true;
        return path[^2];
    }

    /// <summary>The core with its legs to these nodes in this order, and its sizes; of a leaf the mode first.</summary>
    public (T[] Core, int[] Sizes) Arranged(int node, params int[] legs)
    {
        int[] order = [.. legs.Select(leg => Array.IndexOf(_legs[node], leg))];
        return (Permutation.Apply(_cores[node], _sizes[node], order), [.. order.Select(leg => _sizes[node][leg])]);
    }

    /// <summary>The node that a joined one hangs on.</summary>
    public int Outer(int node) => _legs[node].Single(leg => leg >= 0 && !_inside[leg]);

    /// <summary>The matrix between two neighbours, taken out of the first, which becomes orthonormal.</summary>
    public T[] TakeOut(int node, int neighbour)
    {
        MoveCenter(node);
        return Factor(node, neighbour);
    }

    /// <summary>Legs (x, u | y, next) of two neighbours become (x, y | u, next): u moves one core nearer to where it goes.</summary>
    /// <exception cref="ArgumentException">Both cores together have too many numbers.</exception>
    private void Exchange(int from, int to, int u, int next)
    {
        MoveCenter(from);
        int x = _legs[from].Single(leg => leg != u && leg != to), y = _legs[to].Single(leg => leg != from && leg != next);
        var (a, sizesA) = Arranged(from, x, u, to);
        var (b, sizesB) = Arranged(to, from, y, next);
        int sizeX = sizesA[0], sizeU = sizesA[1], sizeY = sizesB[1], sizeNext = sizesB[2];
        if ((double)sizeX * sizeU * sizeY * sizeNext > MostTogether)
            throw new ArgumentException($"change of tree: expected two cores on the way of at most {MostTogether} numbers together, found {AlgebraGuard.Text([sizeX, sizeU, sizeY, sizeNext])}; Truncate makes ranks smaller");
        var both = new T[sizeX * sizeU * sizeY * sizeNext];
        RowMajor.Multiply<T>(sizeX * sizeU, sizeY * sizeNext, sizesA[2], a, b, both);
        both = Permutation.Apply(both, [sizeX, sizeU, sizeY, sizeNext], [0, 2, 1, 3]);
        int rows = sizeX * sizeY, columns = sizeU * sizeNext, k = int.Min(rows, columns);
        T[] left = new T[rows * k], values = new T[k], right = new T[k * columns];
        NodeSpectrum<T>.RequireConverged(Svd.Factor<T>(rows, columns, new MatrixOperand<T>(both, columns, 1), left, values, right, ThreadTeam.Inline));
        _rounding += SvdRounding.Squared<T>(_norm, k);
        var rank = RankChoice.Choose([.. values.Select(double.CreateTruncating)], double.Sqrt(_rounding), k);
        Set(from, [x, y, to], [sizeX, sizeY, rank], Permutation.FirstColumns(left, rows, k, rank));
        for (var i = 0; i < rank; i++) TensorPrimitives.Multiply(right.AsSpan(i * columns, columns), values[i], right.AsSpan(i * columns, columns));
        Set(to, [from, u, next], [rank, sizeU, sizeNext], right[..(rank * columns)]);
        Rename(u, from, to);
        Rename(y, to, from);
        _center = to;
    }

    private void Set(int node, int[] legs, int[] sizes, T[] core) => (_legs[node], _sizes[node], _cores[node]) = (legs, sizes, core);

    private void Rename(int node, int from, int to) => _legs[node][Array.IndexOf(_legs[node], from)] = to;

    private void MoveCenter(int node)
    {
        var path = Path(_center, node);
        for (var i = 0; i + 1 < path.Length; i++)
        {
            var triangle = Factor(path[i], path[i + 1]);
            var leg = Array.IndexOf(_legs[path[i + 1]], path[i]);
            // Its leg to the centre first, then the triangle, then back.
            int[] order = [leg, .. Enumerable.Range(0, _legs[path[i + 1]].Length).Where(other => other != leg)];
            int[] sizes = [.. order.Select(other => _sizes[path[i + 1]][other])];
            var core = Permutation.Apply(_cores[path[i + 1]], _sizes[path[i + 1]], order);
            int rows = triangle.Length / sizes[0], columns = core.Length / sizes[0];
            var next = new T[rows * columns];
            RowMajor.Multiply<T>(rows, columns, sizes[0], triangle, core, next);
            sizes[0] = rows;
            Set(path[i + 1], [.. order.Select(other => _legs[path[i + 1]][other])], sizes, next);
        }

        _center = node;
    }

    /// <summary>The node's core, its leg to a neighbour last, becomes Q; R is given.</summary>
    private T[] Factor(int node, int neighbour)
    {
        var leg = Array.IndexOf(_legs[node], neighbour);
        int[] order = [.. Enumerable.Range(0, _legs[node].Length).Where(other => other != leg), leg];
        var core = Permutation.Apply(_cores[node], _sizes[node], order);
        int columns = _sizes[node][leg], rows = core.Length / columns, k = int.Min(rows, columns);
        T[] q = new T[rows * k], r = new T[k * columns];
        Qr.Factor<T>(rows, columns, new MatrixOperand<T>(core, columns, 1), q, r, ThreadTeam.Inline);
        int[] sizes = [.. order.Select(other => _sizes[node][other])];
        sizes[^1] = k;
        Set(node, [.. order.Select(other => _legs[node][other])], sizes, q);
        return r;
    }

    private void MultiplyLast(int node, T[] matrix, int columns)
    {
        var inner = _sizes[node][^1];
        var core = new T[_cores[node].Length / inner * columns];
        RowMajor.Multiply<T>(_cores[node].Length / inner, columns, inner, _cores[node], matrix, core);
        (_cores[node], _sizes[node][^1]) = (core, columns);
    }

    /// <summary>The nodes from one to another, both included.</summary>
    private int[] Path(int from, int to)
    {
        var before = new int[_legs.Length];
        Array.Fill(before, -1);
        var open = new Stack<int>([to]);
        before[to] = to;
        while (before[from] < 0)
        {
            var node = open.Pop();
            foreach (var leg in _legs[node])
            {
                if (leg < 0 || before[leg] >= 0) continue;
                before[leg] = node;
                open.Push(leg);
            }
        }

        var path = new List<int> { from };
        while (path[^1] != to) path.Add(before[path[^1]]);
        return [.. path];
    }
}
