using System.Buffers;
using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>Whether orthonormal frames are kept, or only what is left at the root: enough for a norm.</summary>
internal enum Frames
{
    Kept,

    /// <summary>As factors, to be multiplied: <see cref="OrthogonalTree{T}.Turn"/>. In arrays lent by the pool; <see cref="OrthogonalTree{T}.Return"/> gives them back.</summary>
    Factors,
    NormAlone,
}

/// <summary>
/// A tensor with orthonormal frames, from the leaves to the root: each core, its children's triangles taken in, is Q R; Q stays, R goes up. The norm is
/// that of the root's core. Everything is in units of 2^<see cref="Exponent"/>. Some 3 to 4 r^4 multiply-adds a node, and 2 r^4 for Q.
/// </summary>
internal sealed class OrthogonalTree<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Unit roundoffs of a node's error, in proportion to what would be there if nothing cancelled: products and a QR factorization. Nodes that each cancel a little need some of it.</summary>
    private const double RoundoffsOfNode = 32;

    /// <summary>Rows a column from which on two products beat reflectors.</summary>
    private const int TimesTaller = 4;

    /// <summary>Beyond it a node cancels, and what its children's rounding is relative to has shrunk.</summary>
    private const double Cancelling = 4;

    /// <summary>R^-1 [r, r] of frames that are a core times it.</summary>
    private readonly T[]?[] _inverses;

    private OrthogonalTree(CoreTree tree, int[] modeSizes)
    {
        _inverses = new T[tree.Count][];
        Tensor = new TreeTensor<T>(tree, modeSizes, new int[tree.Count], new T[tree.Count][]);
    }

    /// <summary>Cores whose frames are orthonormal, but for the root's.</summary>
    public TreeTensor<T> Tensor { get; }

    public long Exponent { get; private set; }

    /// <summary>||X||, in units of 2^<see cref="Exponent"/>.</summary>
    public double Norm { get; private set; }

    /// <summary>What rounding may have done to X, in the same units.</summary>
    public double Rounding { get; private set; }

    /// <param name="source">X, or the sum or product that it is.</param>
    /// <param name="frames">What is kept of them.</param>
    /// <param name="loss">How far from orthonormal a node's factors may be, if they come quicker for it; nothing: rounding alone.</param>
    public static OrthogonalTree<T> Of(ITreeSource<T> source, Frames frames, Func<int, double>? loss = null)
    {
        var tree = source.Tree;
        using var scratch = new Scratch<T>();
        using var w = new Scratch<T>();
        var result = new OrthogonalTree<T>(tree, source.ModeSizes);
        var triangles = new T[tree.Count][];
        var errors = new double[tree.Count];
        for (var node = 0; node < tree.Count; node++)
        {
            int left = tree.Left[node], right = tree.Right[node], c = source.Rank(node);
            var fromLeft = left < 0 ? default : new Triangle<T>(result.Tensor.Ranks[left], source.Rank(left), triangles[left]);
            var fromRight = right < 0 ? default : new Triangle<T>(result.Tensor.Ranks[right], source.Rank(right), triangles[right]);
            var columns = tree.Mode[node] >= 0 ? source.ModeSizes[tree.Mode[node]] : fromRight.Rows;
            var rows = AlgebraGuard.CoreLength(left < 0 ? 1 : fromLeft.Rows, columns);
            Span<T> core = node == tree.Root ? new T[rows] : w.First(AlgebraGuard.CoreLength(rows, c));
            source.Project(node, fromLeft, fromRight, core, scratch);
            var (exponent, lost) = (node == tree.Root ? Balance.Divide(core) : 0, 0.0);
            if (node != tree.Root) (triangles[node], exponent, lost) = result.Factor(node, rows, c, core, frames, loss?.Invoke(node) ?? 0);
            result.Exponent += exponent;
            errors[node] = lost + Error(source, node, node == tree.Root ? core : triangles[node], exponent, fromLeft, fromRight, (left < 0 ? 0 : Squared(errors[left])) + (right < 0 ? 0 : Squared(errors[right])));
            if (node == tree.Root) result.Finish(core.ToArray(), errors[node]);
            if (left >= 0) triangles[left] = [];
            if (right >= 0) triangles[right] = [];
        }

        return result;
    }

    /// <summary>Gives lent arrays back, after which no frame may be read.</summary>
    public void Return()
    {
        for (var node = 0; node < Tensor.Tree.Root; node++) ArrayPool<T>.Shared.Return(Tensor.Cores[node]);
    }

    /// <summary>core [rows, columns] = Q_t V, V [r, columns], where frames are factors.</summary>
    public void Turn(int node, int rows, int columns, ReadOnlySpan<T> v, Span<T> core)
    {
        var rank = Tensor.C(node);
        if (_inverses[node] is { } inverse)
        {
            var product = new T[rank * columns];
            RowMajor.Multiply<T>(rank, columns, rank, inverse, v, product);
            RowMajor.Multiply<T>(rows, columns, rank, Tensor.Cores[node].AsSpan(0, rows * rank), product, core);
            return;
        }

        QrReflectors.Multiply(rows, rank, Tensor.Cores[node].AsSpan(0, QrReflectors.Length(rows, rank)), columns, v, core, ThreadTeam.Inline);
    }

    private (T[] Triangle, int Exponent, double Lost) Factor(int node, int rows, int columns, ReadOnlySpan<T> core, Frames frames, double mostLost)
    {
        var rank = int.Min(rows, columns);
        var triangle = new T[rank * columns];
        var operand = new MatrixOperand<T>(core, columns, 1);
        var lost = 0.0;
        T[] q = [];
        if (frames == Frames.Factors)
        {
            lost = mostLost > 0 && rows >= TimesTaller * columns ? ByCholesky(node, rows, columns, operand, triangle, mostLost) : double.PositiveInfinity;
            var length = double.IsFinite(lost) ? core.Length : QrReflectors.Length(rows, columns);
            q = ArrayPool<T>.Shared.Rent(length);
            if (double.IsFinite(lost))
            {
                core.CopyTo(q);
            }
            else
            {
                lost = 0;
                QrReflectors.Factor(rows, columns, operand, q.AsSpan(0, length), triangle, ThreadTeam.Inline);
            }
        }
        else
        {
            if (frames == Frames.Kept) q = GC.AllocateUninitializedArray<T>(rows * rank);
            Qr.Factor<T>(rows, columns, operand, q, triangle, ThreadTeam.Inline);
        }

        (Tensor.Ranks[node], Tensor.Cores[node]) = (rank, q);
        return (triangle, Balance.Divide<T>(triangle), lost);
    }

    private double ByCholesky(int node, int rows, int columns, in MatrixOperand<T> core, T[] triangle, double mostLost)
    {
        var inverse = new T[columns * columns];
        var lost = CholeskyQr.Factor(rows, columns, core, triangle, inverse, mostLost);
        if (double.IsFinite(lost)) _inverses[node] = inverse;
        else Array.Clear(triangle);
        return lost;
    }

    private void Finish(T[] core, double error)
    {
        var root = Tensor.Tree.Root;
        (Tensor.Ranks[root], Tensor.Cores[root]) = (1, core);
        Norm = CoreNorms.Of<T>(core);
        Rounding = Norm > 0 ? error * Norm : 0;
        if (!double.IsFinite(Norm)) throw new ArgumentException("orthogonalize: expected finite entries, found a NaN or an infinity");
    }

    /// <summary>The relative error of what a node passes on, from those of its children; core: the root's, or a node's triangle, of the same norm, times 2^-exponent.</summary>
    private static double Error(ITreeSource<T> source, int node, ReadOnlySpan<T> core, int exponent, in Triangle<T> left, in Triangle<T> right, double squared)
    {
        var norm = CoreNorms.Of(core);
        if (!(norm > 0)) return 0;
        var nominal = double.ScaleB(source.Nominal(node, left.IsEmpty ? [] : CoreNorms.OfColumns(left.Values, left.Columns), right.IsEmpty ? [] : CoreNorms.OfColumns(right.Values, right.Columns)), -exponent);
        var unit = RoundoffsOfNode * StoredUnit.Of<T>();
        // Beyond the range of a double's square nothing is said of cancellation.
        var ratio = double.IsFinite(nominal) ? nominal / norm : 1;
        var (own, passedOn) = (unit * double.Max(1, ratio), ratio > Cancelling ? ratio : 1);
        // Errors of both children are independent; along a chain they may add up.
        return double.Sqrt(squared) * passedOn + own;
    }

    private static double Squared(double x) => x * x;
}
