namespace HTensor.Core;

/// <summary>Indices of a mode: all, some, or one.</summary>
internal readonly record struct IndexRange(int First, int Count)
{
    /// <summary>
    /// The ranges of each slab of a dense tensor in the order of its elements: slabs are contiguous, and of at most <paramref name="most"/> elements
    /// unless a row of the last mode is longer.
    /// </summary>
    public static IEnumerable<IndexRange[]> Slabs(IReadOnlyList<int> sizes, long most)
    {
        var (cut, inner) = (sizes.Count - 1, 1L);
        while (cut > 0 && inner * sizes[cut] <= most) inner *= sizes[cut--];
        var step = (int)Math.Clamp(most / inner, 1, sizes[cut]);
        var index = new int[cut];
        while (true)
        {
            for (var first = 0; first < sizes[cut]; first += step)
            {
                yield return [.. index.Select(i => new IndexRange(i, 1)), new IndexRange(first, Math.Min(step, sizes[cut] - first)),
                    .. sizes.Skip(cut + 1).Select(size => new IndexRange(0, size))];
            }

            var mode = cut - 1;
            while (mode >= 0 && ++index[mode] == sizes[mode]) index[mode--] = 0;
            if (mode < 0) yield break;
        }
    }
}
