using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>Part of a tensor in a format as dense numbers, computed in double: some indices of each mode.</summary>
internal static class DenseSlab
{
    /// <summary>Frames of the indices asked for, from the leaves to the root.</summary>
    public static double[] Of<T>(HierarchicalTucker<T> x, IndexRange[] ranges, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var layout = x.Layout;
        var frames = new double[layout.Count][];
        for (var node = 0; node < layout.Count; node++)
        {
            var rank = x.RankOf(node);
            if (layout.IsLeaf(node))
            {
                var range = ranges[layout.Nodes[node].Modes[0]];
                frames[node] = Wide<T>(x.CoreArray(node).AsSpan(range.First * rank, range.Count * rank));
                continue;
            }

            var (left, right) = (layout.Left[node], layout.Right[node]);
            frames[node] = Join(frames[left], x.RankOf(left), frames[right], x.RankOf(right), Wide<T>(x.CoreArray(node)), rank, team);
            (frames[left], frames[right]) = ([], []);
        }

        return InOrder(frames[layout.Root], layout.Nodes[layout.Root].Modes, ranges);
    }

    /// <summary>Products of cores from the left.</summary>
    public static double[] Of<T>(TensorTrain<T> x, IndexRange[] ranges, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] product = [1];
        for (var mode = 0; mode < x.Order; mode++)
        {
            var (before, size, after, range) = (x.Ranks[mode], x.ModeSizes[mode], x.Ranks[mode + 1], ranges[mode]);
            var core = new double[before * range.Count * after];
            var stored = x.CoreArray(mode).AsSpan();
            for (var a = 0; a < before; a++) Widen<T>(stored.Slice((a * size + range.First) * after, range.Count * after), core.AsSpan(a * range.Count * after));
            product = MatrixSplit.Product(product, product.Length / before, before, core, range.Count * after, team);
        }

        return product;
    }

    /// <summary>The core times a frame a mode.</summary>
    public static double[] Of<T>(Tucker<T> x, IndexRange[] ranges, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var product = Wide<T>(x.CoreArray);
        var (outer, inner) = (1, product.Length);
        for (var mode = 0; mode < x.Order; mode++)
        {
            var (rank, range) = (x.Ranks[mode], ranges[mode]);
            inner /= rank;
            var frame = Wide<T>(x.FactorArray(mode).AsSpan(range.First * rank, range.Count * rank));
            var next = new double[checked(outer * range.Count * inner)];
            GemmBatch.Multiply<double>(outer, range.Count, inner, rank, new(frame, rank, 1), 0, new(product, inner, 1), rank * inner,
                next, range.Count * inner, inner, 1, Accumulation.Overwrite, team);
            (product, outer) = (next, outer * range.Count);
        }

        return product;
    }

    /// <summary>F[(i, j), c] = sum_ab left[i, a] B[a, b, c] right[j, b].</summary>
    private static double[] Join(double[] left, int leftRank, double[] right, int rightRank, double[] core, int rank, ThreadTeam team)
    {
        var (rows, columns) = (left.Length / leftRank, right.Length / rightRank);
        var half = MatrixSplit.Product(left, rows, leftRank, core, rightRank * rank, team);
        var joined = GC.AllocateUninitializedArray<double>(checked(rows * columns * rank));
        if (rank == 1) Gemm.Multiply<double>(rows, columns, rightRank, new(half, rightRank, 1), new(right, 1, rightRank), joined, columns, 1, Accumulation.Overwrite, team);
        else
        {
            GemmBatch.Multiply<double>(rows, columns, rank, rightRank, new(right, rightRank, 1), 0, new(half, rank, 1), rightRank * rank,
                joined, columns * rank, rank, 1, Accumulation.Overwrite, team);
        }

        return joined;
    }

    private static double[] InOrder(double[] values, IReadOnlyList<int> modes, IndexRange[] ranges)
    {
        if (modes.Select((mode, place) => mode == place).All(same => same)) return values;
        var strides = new int[modes.Count];
        for (var (place, stride) = (modes.Count - 1, 1); place >= 0; stride *= ranges[modes[place--]].Count) strides[modes[place]] = stride;
        var (ordered, index, from) = (new double[values.Length], new int[modes.Count], 0);
        for (var to = 0; to < ordered.Length; to++)
        {
            ordered[to] = values[from];
            for (var mode = modes.Count - 1; mode >= 0; mode--)
            {
                from += strides[mode];
                if (++index[mode] < ranges[mode].Count) break;
                from -= strides[mode] * index[mode];
                index[mode] = 0;
            }
        }

        return ordered;
    }

    private static double[] Wide<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var wide = new double[values.Length];
        Widen(values, wide);
        return wide;
    }

    private static void Widen<T>(ReadOnlySpan<T> values, Span<double> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < values.Length; i++) to[i] = double.CreateTruncating(values[i]);
    }
}
