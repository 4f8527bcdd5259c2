using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HTensor.Kernels;

/// <summary>
/// Packs weights for <see cref="LaneProduct"/>: panels [columns / 4][depth][4]. Four columns that stand together are copied at once, rows
/// that stand together go through 4 x 4 transpositions; anything else is gathered.
/// </summary>
internal static unsafe class LanePack
{
    private const int Width = LaneProduct.PanelWidth;

    /// <summary>Panels that are copied side by side: their columns share a cache line of single precision.</summary>
    private const int Together = 4;

    public static void Panels<T>(MatrixOperand<T> weights, int depth, int columns, Span<T> packed)
        where T : unmanaged
    {
        RequireInside(weights, depth, columns);
        Span<nint> offsets = stackalloc nint[Together * Width];
        fixed (T* source = weights.Data, destination = packed)
        {
            var target = destination;
            for (var first = 0; first < columns;)
            {
                var live = Math.Min(Together * Width, columns - first);
                for (var j = 0; j < live; j++) offsets[j] = weights.ColumnOffsets.IsEmpty ? (first + j) * weights.ColumnStride : weights.ColumnOffsets[first + j];
                var panels = 1;
                if (live == Together * Width && StandTogether(offsets))
                {
                    panels = Together;
                    CopyFour(source, weights, offsets, depth, target);
                }
                else if (live < Width || weights.RowStride != 1 || !weights.RowOffsets.IsEmpty || sizeof(T) != 4)
                {
                    Gather(source, weights, offsets[..Math.Min(live, Width)], depth, target);
                }
                else
                {
                    Transpose((uint*)source, offsets, depth, (uint*)target);
                }

                first += panels * Width;
                target += (nint)panels * Width * depth;
            }
        }
    }

    private static nint Row<T>(MatrixOperand<T> weights, int k) => weights.RowOffsets.IsEmpty ? k * weights.RowStride : weights.RowOffsets[k];

    /// <summary>Whether the columns of each panel are neighbours.</summary>
    private static bool StandTogether(ReadOnlySpan<nint> offsets)
    {
        for (var j = 0; j < offsets.Length; j++)
        {
            if (offsets[j] != offsets[j / Width * Width] + j % Width) return false;
        }

        return true;
    }

    private static void CopyFour<T>(T* source, MatrixOperand<T> weights, ReadOnlySpan<nint> offsets, int depth, T* target)
        where T : unmanaged
    {
        var panel = (nint)Width * depth;
        T* s0 = source + offsets[0], s1 = source + offsets[Width], s2 = source + offsets[2 * Width], s3 = source + offsets[3 * Width];
        for (var k = 0; k < depth; k++, target += Width)
        {
            var row = Row(weights, k);
            Unsafe.CopyBlockUnaligned(target, s0 + row, (uint)(Width * sizeof(T)));
            Unsafe.CopyBlockUnaligned(target + panel, s1 + row, (uint)(Width * sizeof(T)));
            Unsafe.CopyBlockUnaligned(target + 2 * panel, s2 + row, (uint)(Width * sizeof(T)));
            Unsafe.CopyBlockUnaligned(target + 3 * panel, s3 + row, (uint)(Width * sizeof(T)));
        }
    }

    private static void Transpose(uint* source, ReadOnlySpan<nint> offsets, int depth, uint* target)
    {
        uint* s0 = source + offsets[0], s1 = source + offsets[1], s2 = source + offsets[2], s3 = source + offsets[3];
        var k = 0;
        for (; k + Width <= depth; k += Width, target += Width * Width)
        {
            var (a, b, c, d) = (Vector128.Load(s0 + k), Vector128.Load(s1 + k), Vector128.Load(s2 + k), Vector128.Load(s3 + k));
            var (abLow, abHigh) = (LaneWords128.ZipLow(a, b), LaneWords128.ZipHigh(a, b));
            var (cdLow, cdHigh) = (LaneWords128.ZipLow(c, d), LaneWords128.ZipHigh(c, d));
            LaneWords128.PairLow(abLow, cdLow).Store(target);
            LaneWords128.PairHigh(abLow, cdLow).Store(target + Width);
            LaneWords128.PairLow(abHigh, cdHigh).Store(target + 2 * Width);
            LaneWords128.PairHigh(abHigh, cdHigh).Store(target + 3 * Width);
        }

        for (; k < depth; k++, target += Width) (target[0], target[1], target[2], target[3]) = (s0[k], s1[k], s2[k], s3[k]);
    }

    private static void Gather<T>(T* source, MatrixOperand<T> weights, ReadOnlySpan<nint> offsets, int depth, T* target)
        where T : unmanaged
    {
        for (var k = 0; k < depth; k++, target += Width)
        {
            var row = source + Row(weights, k);
            for (var j = 0; j < Width; j++) target[j] = j < offsets.Length ? row[offsets[j]] : default;
        }
    }

    private static void RequireInside<T>(MatrixOperand<T> weights, int depth, int columns)
    {
        if (depth == 0 || columns == 0) return;
        var (rowLow, rowHigh) = Reach(weights.RowOffsets, weights.RowStride, depth);
        var (columnLow, columnHigh) = Reach(weights.ColumnOffsets, weights.ColumnStride, columns);
        if (rowLow + columnLow < 0 || rowHigh + columnHigh >= weights.Data.Length)
            throw new ArgumentException($"weights: [{depth}, {columns}] reaches elements {rowLow + columnLow} to {rowHigh + columnHigh}, found {weights.Data.Length} elements");
    }

    private static (long Low, long High) Reach(ReadOnlySpan<int> table, nint stride, int count)
    {
        if (table.IsEmpty) return (Math.Min(0L, (count - 1L) * stride), Math.Max(0L, (count - 1L) * stride));
        if (table.Length < count) throw new ArgumentException($"weights: expected an offset table of {count} entries, found {table.Length}");
        return (TensorPrimitives.Min<int>(table[..count]), TensorPrimitives.Max<int>(table[..count]));
    }
}
