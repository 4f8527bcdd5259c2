using System.Numerics;
using System.Numerics.Tensors;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>sum_i w_i X_i, of one term or many: each term's core meets its own columns of the children's triangles, so zero blocks cost nothing.</summary>
internal sealed class SumSource<T>(TreeTensor<T> sum) : ITreeSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TreeTensor<T>[] _terms = sum.Sum?.Terms ?? [sum];
    private readonly T[] _weights = sum.Sum?.Weights ?? [T.One];

    public CoreTree Tree => sum.Tree;

    public int[] ModeSizes => sum.ModeSizes;

    public int Rank(int node) => sum.Ranks[node];

    public void Project(int node, in Triangle<T> left, in Triangle<T> right, Span<T> w, Scratch<T> scratch)
    {
        int firstA = 0, firstB = 0, firstC = 0;
        for (var i = 0; i < _terms.Length; i++)
        {
            var term = _terms[i];
            int ownA = term.A(node), ownB = term.B(node), ownC = term.C(node);
            ReadOnlySpan<T> core = term.Cores[node];
            if (node == Tree.Root)
            {
                if (_weights[i] != T.One) core = Weighted(core, _weights[i]);
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

    /// <summary>One block's columns of W: its core times its columns of L, then of R, and zeros where those have none: they are triangles.</summary>
    private void Place(in CoreBlock block, ReadOnlySpan<T> core, int node, in Triangle<T> left, in Triangle<T> right, Span<T> w, Scratch<T> scratch, Accumulation accumulation)
    {
        var (a, b, c) = (block.CountA, block.CountB, block.CountC);
        int rows = left.IsEmpty ? 1 : int.Min(left.Rows, block.FirstA + a), columns = right.IsEmpty ? b : int.Min(right.Rows, block.FirstB + b);
        int allRows = left.IsEmpty ? 1 : left.Rows, allColumns = right.IsEmpty ? b : right.Rows, stride = Rank(node);
        if (!left.IsEmpty)
        {
            var partial = scratch.First(rows * b * c);
            foreach (var (first, count, from) in Bands(rows, block.FirstA))
            {
                Gemm.Multiply(count, b * c, a - from, new MatrixOperand<T>(left.Values[(first * left.Columns + block.FirstA + from)..], left.Columns, 1),
                    new MatrixOperand<T>(core[(from * b * c)..], (nint)b * c, 1), partial[(first * b * c)..], (nint)b * c, 1, Accumulation.Overwrite, ThreadTeam.Inline);
            }

            core = partial;
        }

        var to = w[block.FirstC..];
        if (accumulation == Accumulation.Overwrite)
        {
            for (var i = 0; i < allRows; i++)
            {
                for (var j = i < rows ? columns : 0; j < allColumns; j++) to.Slice((i * allColumns + j) * stride, c).Clear();
            }
        }

        if (right.IsEmpty)
        {
            Copy(core, rows * columns, c, to, stride, accumulation);
            return;
        }

        foreach (var (first, count, from) in Bands(columns, block.FirstB))
        {
            GemmBatch.Multiply(rows, count, c, b - from, new MatrixOperand<T>(right.Values[(first * right.Columns + block.FirstB + from)..], right.Columns, 1), 0,
                new MatrixOperand<T>(core[(from * c)..], c, 1), (nint)b * c, to[(first * stride)..], (nint)allColumns * stride, stride, 1, accumulation, ThreadTeam.Inline);
        }
    }

    /// <summary>Rows of columns <paramref name="column"/> on of a triangle, in two bands, and how many of the columns are zero in all rows of the band.</summary>
    private static (int First, int Count, int From)[] Bands(int rows, int column)
    {
        const int whole = 24;
        if (rows < whole) return [(0, rows, 0)];
        var half = (rows / 2 + 7) / 8 * 8;
        return [(0, half, 0), (half, rows - half, int.Max(0, half - column))];
    }

    private static void Copy(ReadOnlySpan<T> core, int rows, int columns, Span<T> to, int stride, Accumulation accumulation)
    {
        for (var row = 0; row < rows; row++)
        {
            var source = core.Slice(row * columns, columns);
            var target = to.Slice(row * stride, columns);
            if (accumulation == Accumulation.Overwrite) source.CopyTo(target);
            else TensorPrimitives.Add(target, source, target);
        }
    }

    public double Nominal(int node, ReadOnlySpan<double> leftNorms, ReadOnlySpan<double> rightNorms)
    {
        var (firstA, firstB) = (0, 0);
        var norms = new double[_terms.Length];
        for (var i = 0; i < _terms.Length; i++)
        {
            var term = _terms[i];
            var weight = node == Tree.Root ? double.CreateTruncating(_weights[i]) : 1;
            int ownA = term.A(node), ownB = term.B(node);
            norms[i] = weight * CoreNorms.Weighted<T>(term.Cores[node], term.C(node), leftNorms.IsEmpty ? [] : leftNorms.Slice(firstA, ownA), ownB, rightNorms.IsEmpty ? [] : rightNorms.Slice(firstB, ownB));
            firstA += ownA;
            if (!rightNorms.IsEmpty) firstB += ownB;
        }

        // Frames stand side by side; at the root terms meet, and may all point one way.
        return node == Tree.Root ? norms.Sum(double.Abs) : RankChoice.Norm(norms);
    }

    private static T[] Weighted(ReadOnlySpan<T> core, T weight)
    {
        var result = core.ToArray();
        for (var i = 0; i < result.Length; i++) result[i] *= weight;
        return result;
    }
}
