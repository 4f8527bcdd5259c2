using System.Numerics;

namespace HTensor.Core;

/// <summary>A block of a core: ranges of its three indices.</summary>
internal readonly record struct CoreBlock(int FirstA, int CountA, int FirstB, int CountB, int FirstC, int CountC);

/// <summary>Cores of sums are block diagonal: the blocks are found again in their zeros, so that no product meets those.</summary>
internal static class CoreBlocks
{
    /// <summary>The blocks, in order, or none where there are fewer than two or a column is in none. Some a b steps; one of a core that begins with no zeros.</summary>
    public static List<CoreBlock> Of<T>(ReadOnlySpan<T> core, int a, int b, int c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var blocks = new List<CoreBlock>();
        for (var i = 0; i < a; i++)
        {
            var box = BoxOf(core.Slice(i * b * c, b * c), c, i);
            if (box.CountB == b && box.CountC == c) return [];
            if (box.CountC == 0 && blocks.Count == 0) return [];
            var apart = blocks.Count == 0 || (box.CountC > 0 && box.FirstB >= blocks[^1].FirstB + blocks[^1].CountB && box.FirstC >= blocks[^1].FirstC + blocks[^1].CountC);
            if (apart) blocks.Add(box);
            else blocks[^1] = Union(blocks[^1], box);
        }

        // Every column is in one block.
        var (endB, endC) = (0, 0);
        foreach (var block in blocks)
        {
            if (block.FirstB < endB || block.FirstC != endC) return [];
            (endB, endC) = (block.FirstB + block.CountB, block.FirstC + block.CountC);
        }

        return blocks.Count > 1 && endC == c ? blocks : [];
    }

    /// <summary>The block's numbers, one behind the other.</summary>
    public static void Copy<T>(ReadOnlySpan<T> core, int b, int c, in CoreBlock block, Span<T> to)
    {
        for (var i = 0; i < block.CountA; i++)
        {
            for (var j = 0; j < block.CountB; j++)
                core.Slice(((block.FirstA + i) * b + block.FirstB + j) * c + block.FirstC, block.CountC).CopyTo(to[((i * block.CountB + j) * block.CountC)..]);
        }
    }

    private static CoreBlock BoxOf<T>(ReadOnlySpan<T> slab, int c, int index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int firstB = int.MaxValue, lastB = -1, firstC = int.MaxValue, lastC = -1;
        for (int row = 0, at = 0; at < slab.Length; row++, at += c)
        {
            var values = slab.Slice(at, c);
            var first = values.IndexOfAnyExcept(T.Zero);
            if (first < 0) continue;
            (firstB, lastB) = (int.Min(firstB, row), row);
            (firstC, lastC) = (int.Min(firstC, first), int.Max(lastC, values.LastIndexOfAnyExcept(T.Zero)));
        }

        return lastB < 0 ? new CoreBlock(index, 1, 0, 0, 0, 0) : new CoreBlock(index, 1, firstB, lastB - firstB + 1, firstC, lastC - firstC + 1);
    }

    private static CoreBlock Union(in CoreBlock block, in CoreBlock box)
    {
        var taller = block with { CountA = block.CountA + 1 };
        if (box.CountC == 0) return taller;
        int firstB = int.Min(block.FirstB, box.FirstB), firstC = int.Min(block.FirstC, box.FirstC);
        return taller with
        {
            FirstB = firstB,
            CountB = int.Max(block.FirstB + block.CountB, box.FirstB + box.CountB) - firstB,
            FirstC = firstC,
            CountC = int.Max(block.FirstC + block.CountC, box.FirstC + box.CountC) - firstC,
        };
    }
}
