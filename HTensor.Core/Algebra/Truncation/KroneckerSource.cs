using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A tensor whose ranks are pairs (a, a') of two tensors' ranks: the element-wise product, or an operator and what it is applied to. Cores with a mode
/// are made by <paramref name="atMode"/>; those of pairs, of r^6 numbers, are never formed: L and R meet X's core and then Y's, r^5 multiply-adds a row.
/// </summary>
internal sealed class KroneckerSource<T>(TreeTensor<T> x, TreeTensor<T> y, int[] modeSizes, Func<int, T[]> atMode) : ITreeSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public CoreTree Tree => x.Tree;

    public int[] ModeSizes => modeSizes;

    public int Rank(int node) => AlgebraGuard.CoreLength(x.Ranks[node], y.Ranks[node]);

    /// <summary>The core of a node, formed.</summary>
    public T[] Core(int node) => Tree.Mode[node] >= 0 ? atMode(node) : TreeProduct.AtPair(x, y, node);

    public void Project(int node, in Triangle<T> left, in Triangle<T> right, Span<T> w, Scratch<T> scratch)
    {
        if (Tree.Mode[node] < 0) ProjectPair(node, left, right, w, scratch);
        else if (left.IsEmpty) atMode(node).CopyTo(w);
        else RowMajor.Multiply(left.Rows, w.Length / left.Rows, left.Columns, left.Values, atMode(node), w);
    }

    /// <summary>Row by row of L: S[a', (b, c)] = sum_a L[i, a, a'] X[a, b, c]; P[(b, c), (b', c')] = sum_a' S Y[a', b', c']; W[i] = R P over (b, b').</summary>
    private void ProjectPair(int node, in Triangle<T> left, in Triangle<T> right, Span<T> w, Scratch<T> scratch)
    {
        int a = x.A(node), b = x.B(node), c = x.C(node), a2 = y.A(node), b2 = y.B(node), c2 = y.C(node);
        var (rows, columns) = Offsets(b, c, b2, c2);
        var s = scratch.First(a2 * b * c);
        var p = scratch.Second(AlgebraGuard.CoreLength(b, c, b2, c2));
        for (var i = 0; i < left.Rows; i++)
        {
            Gemm.Multiply(a2, b * c, a, new MatrixOperand<T>(left.Values.Slice(i * a * a2, a * a2), 1, a2), new MatrixOperand<T>(x.Cores[node], (nint)b * c, 1),
                s, (nint)b * c, 1, Accumulation.Overwrite, ThreadTeam.Inline);
            RowMajor.TransposedTimes<T>(b * c, b2 * c2, a2, s, y.Cores[node], p);
            Gemm.Multiply(right.Rows, c * c2, b * b2, new MatrixOperand<T>(right.Values, right.Columns, 1), new MatrixOperand<T>(p, rows, columns),
                w.Slice(i * right.Rows * c * c2, right.Rows * c * c2), (nint)c * c2, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        }
    }

    public double Nominal(int node, ReadOnlySpan<double> leftNorms, ReadOnlySpan<double> rightNorms)
    {
        if (Tree.Mode[node] >= 0) return CoreNorms.Weighted<T>(atMode(node), Rank(node), leftNorms, modeSizes[Tree.Mode[node]], []);
        // |X|^2 over c, |Y|^2 over c', weighted by both: sum_(aa'bb') l^2_aa' r^2_bb' |X[a, b]|^2 |Y[a', b']|^2.
        int a = x.A(node), b = x.B(node), a2 = y.A(node), b2 = y.B(node);
        double[] squaredX = CoreNorms.SquaresOfRows<T>(x.Cores[node], x.C(node), out var exponentX), squaredY = CoreNorms.SquaresOfRows<T>(y.Cores[node], y.C(node), out var exponentY);
        var sum = 0.0;
        for (var i = 0; i < a * b; i++)
        {
            if (squaredX[i] == 0) continue;
            for (var j = 0; j < a2 * b2; j++)
            {
                var weight = leftNorms[i / b * a2 + j / b2] * rightNorms[i % b * b2 + j % b2];
                sum += weight * weight * squaredX[i] * squaredY[j];
            }
        }

        return double.ScaleB(double.Sqrt(sum), exponentX + exponentY);
    }

    /// <summary>Where (b, b') and (c, c') stand in P[b, c, b', c'].</summary>
    private static (int[] Rows, int[] Columns) Offsets(int b, int c, int b2, int c2)
    {
        int[] rows = new int[b * b2], columns = new int[c * c2];
        for (var i = 0; i < rows.Length; i++) rows[i] = i / b2 * c * b2 * c2 + i % b2 * c2;
        for (var i = 0; i < columns.Length; i++) columns[i] = i / c2 * b2 * c2 + i % c2;
        return (rows, columns);
    }
}
