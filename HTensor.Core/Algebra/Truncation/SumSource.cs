using System.Numerics;
using System.Numerics.Tensors;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>sum_i w_i X_i, of one term or many: each term's core meets its own columns of the children's triangles, so zero blocks cost nothing.</summary>
internal sealed class SumSource<T>(IReadOnlyList<TreeTensor<T>> terms, T[] weights) : ITreeSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public SumSource(TreeTensor<T> term)
        : this([term], [T.One])
    {
    }

    public CoreTree Tree => terms[0].Tree;

    public int[] ModeSizes => terms[0].ModeSizes;

    public int Rank(int node)
    {
        if (node == Tree.Root) return 1;
        var rank = 0;
        foreach (var term in terms) rank = checked(rank + term.Ranks[node]);
        return rank;
    }

    public void Project(int node, in Triangle<T> left, in Triangle<T> right, Span<T> w, Scratch<T> scratch)
    {
        var root = node == Tree.Root;
        int rows = left.IsEmpty ? 1 : left.Rows, columns = right.IsEmpty ? terms[0].B(node) : right.Rows, c = Rank(node);
        int firstA = 0, firstB = 0, firstC = 0;
        for (var i = 0; i < terms.Count; i++)
        {
            var term = terms[i];
            int ownA = term.A(node), ownB = term.B(node), ownC = term.C(node);
            ReadOnlySpan<T> core = term.Cores[node];
            if (root && weights[i] != T.One) core = Weighted(core, weights[i]);
            var accumulation = root && i > 0 ? Accumulation.Add : Accumulation.Overwrite;
            if (!left.IsEmpty)
            {
                var whole = right.IsEmpty && c == ownC;
                var to = whole ? w : scratch.First(rows * ownB * ownC);
                Gemm.Multiply(rows, ownB * ownC, ownA, new MatrixOperand<T>(left.Values[firstA..], left.Columns, 1), new MatrixOperand<T>(core, (nint)ownB * ownC, 1),
                    to, (nint)ownB * ownC, 1, whole ? accumulation : Accumulation.Overwrite, ThreadTeam.Inline);
                core = to;
                if (whole)
                {
                    (firstA, firstC) = (firstA + ownA, firstC + ownC);
                    continue;
                }
            }

            if (!right.IsEmpty)
            {
                GemmBatch.Multiply(rows, columns, ownC, ownB, new MatrixOperand<T>(right.Values[firstB..], right.Columns, 1), 0,
                    new MatrixOperand<T>(core, ownC, 1), (nint)ownB * ownC, w[firstC..], (nint)columns * c, c, 1, accumulation, ThreadTeam.Inline);
                firstB += ownB;
            }
            else
            {
                Place(core, rows * columns, ownC, w[firstC..], c, accumulation);
            }

            firstA += ownA;
            if (!root) firstC += ownC;
        }
    }

    public double Nominal(int node, ReadOnlySpan<double> leftNorms, ReadOnlySpan<double> rightNorms)
    {
        var (sum, firstA, firstB) = (0.0, 0, 0);
        for (var i = 0; i < terms.Count; i++)
        {
            var term = terms[i];
            var weight = node == Tree.Root ? double.CreateTruncating(weights[i]) : 1;
            int ownA = term.A(node), ownB = term.B(node);
            sum += weight * weight * CoreNorms.Weighted<T>(term.Cores[node], term.C(node), leftNorms.IsEmpty ? [] : leftNorms.Slice(firstA, ownA), ownB, rightNorms.IsEmpty ? [] : rightNorms.Slice(firstB, ownB));
            firstA += ownA;
            if (!rightNorms.IsEmpty) firstB += ownB;
        }

        return double.Sqrt(sum);
    }

    private static T[] Weighted(ReadOnlySpan<T> core, T weight)
    {
        var result = core.ToArray();
        for (var i = 0; i < result.Length; i++) result[i] *= weight;
        return result;
    }

    private static void Place(ReadOnlySpan<T> from, int rows, int columns, Span<T> to, int stride, Accumulation accumulation)
    {
        for (var row = 0; row < rows; row++)
        {
            var source = from.Slice(row * columns, columns);
            var target = to.Slice(row * stride, columns);
            if (accumulation == Accumulation.Overwrite) source.CopyTo(target);
            else TensorPrimitives.Add(target, source, target);
        }
    }
}
