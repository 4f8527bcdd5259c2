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
        int firstA = 0, firstB = 0, firstC = 0;
        for (var i = 0; i < terms.Count; i++)
        {
            var term = terms[i];
            int ownA = term.A(node), ownB = term.B(node), ownC = term.C(node);
            ReadOnlySpan<T> core = term.Cores[node];
            if (node == Tree.Root)
            {
                if (weights[i] != T.One) core = Weighted(core, weights[i]);
                Place(new CoreBlock(firstA, ownA, firstB, ownB, 0, ownC), core, node, left, right, w, scratch, i > 0 ? Accumulation.Add : Accumulation.Overwrite);
            }
            else if (left.IsEmpty || right.IsEmpty || CoreBlocks.Of(core, ownA, ownB, ownC) is not { Count: > 0 } blocks)
            {
                Place(new CoreBlock(firstA, ownA, firstB, ownB, firstC, ownC), core, node, left, right, w, scratch, Accumulation.Overwrite);
            }
            else
            {
                foreach (var block in blocks)
                {
                    var part = scratch.Second(block.CountA * block.CountB * block.CountC);
                    CoreBlocks.Copy(core, ownB, ownC, block, part);
                    Place(block with { FirstA = firstA + block.FirstA, FirstB = firstB + block.FirstB, FirstC = firstC + block.FirstC }, part, node, left, right, w, scratch, Accumulation.Overwrite);
                }
            }

            firstA += ownA;
            if (!right.IsEmpty) firstB += ownB;
            firstC += ownC;
        }
    }

    /// <summary>One block's columns of W: its core times its columns of L, then of R.</summary>
    private void Place(in CoreBlock block, ReadOnlySpan<T> core, int node, in Triangle<T> left, in Triangle<T> right, Span<T> w, Scratch<T> scratch, Accumulation accumulation)
    {
        var (a, b, c) = (block.CountA, block.CountB, block.CountC);
        int rows = left.IsEmpty ? 1 : left.Rows, columns = right.IsEmpty ? b : right.Rows, stride = Rank(node);
        if (!left.IsEmpty)
        {
            var partial = scratch.First(rows * b * c);
            Gemm.Multiply(rows, b * c, a, new MatrixOperand<T>(left.Values[block.FirstA..], left.Columns, 1), new MatrixOperand<T>(core, (nint)b * c, 1), partial, (nint)b * c, 1, Accumulation.Overwrite, ThreadTeam.Inline);
            core = partial;
        }

        var to = w[block.FirstC..];
        if (!right.IsEmpty)
        {
            GemmBatch.Multiply(rows, columns, c, b, new MatrixOperand<T>(right.Values[block.FirstB..], right.Columns, 1), 0, new MatrixOperand<T>(core, c, 1), (nint)b * c,
                to, (nint)columns * stride, stride, 1, accumulation, ThreadTeam.Inline);
            return;
        }

        for (var row = 0; row < rows * columns; row++)
        {
            var source = core.Slice(row * c, c);
            var target = to.Slice(row * stride, c);
            if (accumulation == Accumulation.Overwrite) source.CopyTo(target);
            else TensorPrimitives.Add(target, source, target);
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
}
