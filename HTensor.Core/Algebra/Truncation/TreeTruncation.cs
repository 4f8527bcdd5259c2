using System.Numerics;
using System.Numerics.Tensors;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// Truncation from the orthogonalized tree, from the root to the leaves. With V_t, s_t the singular vectors and values of a node's unfolding, its core
/// turned and weighted, F = Q_t V_t diag(s_t), has in its unfoldings the singular values of its children's: by the eigenvectors of their Gram matrices, or,
/// where that loses digits that count, by their SVD. Each node keeps the leading vectors S_t; its core is S_left^T S_right^T Q_t S_t.
/// Grasedyck 2010, section 4; the errors of all nodes are measured in X itself.
/// </summary>
internal sealed class TreeTruncation<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double MostLoss = 1e-12;
    private const double PartOfTolerance = 1e-4;

    private readonly OrthogonalTree<T> _x;
    private readonly CoreTree _tree;
    private readonly Truncation _truncation;
    private readonly string[] _keys;
    private readonly ErrorBudget _budget;
    private readonly NodeTruncation[] _nodes;

    /// <summary>S_t [r, kept] of each node below the root.</summary>
    private readonly T[][] _kept;
    private readonly TreeTensor<T> _result;
    private readonly NodeSpectrum<T> _spectrum;
    private readonly Scratch<T> _turned = new();
    private readonly Scratch<T> _projected = new();

    /// <summary>V_t [r, r] and s_t of nodes whose children are still to come.</summary>
    private readonly (T[] Vectors, double[] Values)[] _full;

    private TreeTruncation(OrthogonalTree<T> x, Truncation truncation, string[] keys)
    {
        (_x, _tree, _truncation, _keys) = (x, x.Tensor.Tree, truncation, keys);
        var shared = _tree.Left[_tree.Root] >= 0 && _tree.Right[_tree.Root] >= 0 ? 1 : 0;
        _budget = new ErrorBudget(Allowed(), _tree.Root - shared);
        (_nodes, _kept, _full) = (new NodeTruncation[_tree.Root], new T[_tree.Count][], new (T[], double[])[_tree.Count]);
        _result = new TreeTensor<T>(_tree, x.Tensor.ModeSizes, new int[_tree.Count], new T[_tree.Count][]);
        _spectrum = new NodeSpectrum<T>(x.Norm);
    }

    /// <param name="source">X, or the sum or product that it is.</param>
    /// <param name="truncation">What may be dropped.</param>
    /// <param name="keys">The name of each node in the report.</param>
    public static (TreeTensor<T> Tensor, TruncationReport Report) Run(ITreeSource<T> source, Truncation truncation, string[] keys)
    {
        ArgumentNullException.ThrowIfNull(truncation);
        using var run = new TreeTruncation<T>(OrthogonalTree<T>.Of(source, Frames.Factors, node => Loss(source.Rank(node), truncation, keys[node])), truncation, keys);
        run.AtRoot();
        for (var node = run._tree.Root - 1; node >= 0; node--) run.AtNode(node);
        TreeScale.Multiply(run._result, run._x.Exponent);
        return (run._result, run.Report());
    }

    /// <summary>
    /// How far from orthonormal a frame may be: a small part of the error that is allowed, or, where a maximal rank decides, as much as a bound on an error
    /// may be above it.
    /// </summary>
    private static double Loss(int rank, Truncation truncation, string key) => truncation.Kind switch
    {
        ToleranceKind.Relative => double.Min(MostLoss, truncation.Tolerance * PartOfTolerance),
        ToleranceKind.Exact when rank > truncation.MaximalRankOf(key) => MostLoss,
        _ => 0,
    };

    /// <summary>Gives back what the pool lent.</summary>
    public void Dispose()
    {
        _x.Return();
        _spectrum.Dispose();
        _turned.Dispose();
        _projected.Dispose();
    }

    /// <summary>A node's share of the error, or what rounding may have made of a zero there, as long as all nodes keep within the whole.</summary>
    private double AllowedHere => double.Max(_budget.OfStage, double.Min(_x.Rounding, _budget.Left));

    private double Allowed()
    {
        var exponent = (int)long.Clamp(-_x.Exponent, -3000, 3000);
        var (norm, rounding) = (_x.Norm, _x.Rounding);
        if (norm > rounding && _truncation.Kind == ToleranceKind.Exact) return _truncation.AllowedError(norm, rounding);
        var tolerance = _truncation.Kind == ToleranceKind.Relative ? _truncation.Tolerance * norm : double.ScaleB(_truncation.Tolerance, exponent);
        // All of it is rounding: one term, which the bounds say.
        if (norm <= rounding) return double.MaxValue;
        // Below rounding nothing can be told from zero: that much goes whatever the tolerance.
        return tolerance < rounding ? rounding : double.Max(tolerance - rounding, tolerance / 2);
    }

    /// <summary>X = W [a, b] in the frames of the root's children: one SVD serves both.</summary>
    private void AtRoot()
    {
        var root = _tree.Root;
        int left = _tree.Left[root], right = _tree.Right[root];
        _result.Ranks[root] = 1;
        var w = _x.Tensor.Cores[root];
        if (left < 0)
        {
            _result.Cores[root] = [.. w];
            return;
        }

        int a = _x.Tensor.A(root), b = _x.Tensor.B(root), k = int.Min(a, b);
        T[] u = new T[a * k], values = new T[k], vt = new T[k * b];
        NodeSpectrum<T>.RequireConverged(Svd.Factor<T>(a, b, new MatrixOperand<T>(w, b, 1), u, values, vt, ThreadTeam.Inline));
        double[] s = [.. values.Select(double.CreateTruncating)];
        var most = int.Min(_truncation.MaximalRankOf(_keys[left]), right < 0 ? int.MaxValue : _truncation.MaximalRankOf(_keys[right]));
        var rank = RankChoice.Choose(s, AllowedHere, most);
        Keep(left, u, a, s, rank, ErrorShare.Own);
        var core = _result.Cores[root] = new T[rank * (right < 0 ? b : rank)];
        if (right < 0)
        {
            for (var i = 0; i < rank; i++) TensorPrimitives.Multiply(vt.AsSpan(i * b, b), values[i], core.AsSpan(i * b, b));
            return;
        }

        for (var i = 0; i < rank; i++) core[i * rank + i] = values[i];
        Keep(right, Transposed(vt, k, b), b, s, rank, ErrorShare.Sibling);
    }

    private void AtNode(int node)
    {
        int left = _tree.Left[node], right = _tree.Right[node];
        int a = _x.Tensor.A(node), b = _x.Tensor.B(node), rank = _result.Ranks[node];
        var (vectors, values) = _full[node];
        _full[node] = default;
        if (left < 0)
        {
            _result.Cores[node] = GC.AllocateUninitializedArray<T>(a * b * rank);
            _x.Turn(node, a * b, rank, Permutation.FirstColumns(vectors, _x.Tensor.C(node), values.Length, rank), _result.Cores[node]);
            return;
        }

        // F in place of its core: a column's digits do not depend on its weight, which what is kept gets rid of in the end.
        var count = values.Length;
        var weighted = _turned.Second(vectors.Length);
        for (var i = 0; i < vectors.Length; i++) weighted[i] = vectors[i] * T.CreateTruncating(values[i % count]);
        var f = _turned.First(a * b * count);
        _x.Turn(node, a * b, count, weighted, f);
        Child(left, f, a, b * count);
        if (right >= 0) Child(right, FromRight(f, a, b, count), b, a * count);
        _result.Cores[node] = Project(f, values, rank, a, b, left, right);
        _kept[left] = [];
        if (right >= 0) _kept[right] = [];
    }

    private void Child(int child, ReadOnlySpan<T> unfolding, int rows, int columns)
    {
        var most = _truncation.MaximalRankOf(_keys[child]);
        var (vectors, values, rank) = _spectrum.Of(unfolding, rows, columns, AllowedHere, most);
        Keep(child, vectors, rows, values, rank, ErrorShare.Own);
    }

    private void Keep(int node, T[] vectors, int rows, double[] values, int rank, ErrorShare share)
    {
        var columns = vectors.Length / rows;
        _kept[node] = Permutation.FirstColumns(vectors, rows, columns, rank);
        _result.Ranks[node] = rank;
        _nodes[node] = NodeTruncation.Of(_keys[node], values, rank, share);
        if (share == ErrorShare.Own) _budget.Spend(_nodes[node].Error);
        // Directions of no weight say nothing about the children, but those that are kept.
        var weighty = rank;
        while (weighty < values.Length && values[weighty] > 0) weighty++;
        _full[node] = (Permutation.FirstColumns(vectors, rows, columns, weighty), values[..weighty]);
    }

    /// <summary>F[b, (a, c)].</summary>
    private ReadOnlySpan<T> FromRight(ReadOnlySpan<T> f, int a, int b, int c)
    {
        var turned = _spectrum.Unfolding(f.Length);
        for (var i = 0; i < a; i++)
        {
            for (var j = 0; j < b; j++) f.Slice((i * b + j) * c, c).CopyTo(turned[((j * a + i) * c)..]);
        }

        return turned;
    }

    /// <summary>S_left^T S_right^T F[:, :, kept], its columns without their weights.</summary>
    private T[] Project(ReadOnlySpan<T> f, double[] values, int rank, int a, int b, int left, int right)
    {
        int rows = _result.Ranks[left], stride = values.Length, columns = right < 0 ? b : _result.Ranks[right];
        var result = GC.AllocateUninitializedArray<T>(rows * columns * rank);
        var partial = right < 0 ? result : _projected.First(rows * b * rank);
        GemmBatch.Multiply(b, rows, rank, a, new MatrixOperand<T>(_kept[left], 1, rows), 0, new MatrixOperand<T>(f, (nint)b * stride, 1), stride,
            partial, rank, (nint)b * rank, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        if (right >= 0) RowMajor.TransposedTimesEach<T>(rows, columns, rank, b, _kept[right], partial, result);
        var inverses = _projected.Second(rank);
        for (var i = 0; i < rank; i++) inverses[i] = values[i] > 0 ? T.CreateTruncating(1 / values[i]) : T.Zero;
        for (var at = 0; at < result.Length; at += rank) TensorPrimitives.Multiply(result.AsSpan(at, rank), inverses, result.AsSpan(at, rank));
        return result;
    }

    private static T[] Transposed(T[] matrix, int rows, int columns)
    {
        var result = new T[matrix.Length];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++) result[j * rows + i] = matrix[i * columns + j];
        }

        return result;
    }

    private TruncationReport Report()
    {
        double[] errors = [.. _nodes.Where(node => node.Share == ErrorShare.Own).Select(node => node.Error)];
        var (upper, lower) = (RankChoice.Norm(errors) * (1 + _spectrum.RelativeError) + _x.Rounding, errors.DefaultIfEmpty().Max() * (1 - _spectrum.RelativeError) - _x.Rounding);
        // Absolute figures where a double holds them.
        if (long.Abs(_x.Exponent) > 900) return TruncationReport.Of(_nodes, _x.Norm, lower, upper, (int)_x.Exponent);
        var exponent = (int)_x.Exponent;
        return TruncationReport.Of([.. _nodes.Select(Scaled)], Scale(_x.Norm), Scale(lower), Scale(upper));

        double Scale(double value) => double.ScaleB(value, exponent);
        NodeTruncation Scaled(NodeTruncation node) => node with { Kept = [.. node.Kept.Select(Scale)], Dropped = [.. node.Dropped.Select(Scale)] };
    }
}
