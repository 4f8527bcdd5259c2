namespace HTensor.Rnn;

/// <summary>How one kind of pixel is interpolated: along a row first, into sums, then between two rows of sums.</summary>
internal interface IBilinear<TPixel, TSum>
{
    /// <summary>A row of the source brought to the width of <paramref name="columns"/>.</summary>
    static abstract void Stretch(ReadOnlySpan<TPixel> source, Span<TSum> row, int channels, BilinearAxis columns);

    /// <summary>Output row <paramref name="y"/> from the stretched rows on both sides of it.</summary>
    static abstract void Mix(ReadOnlySpan<TSum> above, ReadOnlySpan<TSum> below, BilinearAxis rows, int y, Span<TPixel> destination);
}

/// <summary>Bilinear interpolation of images [height, width, channels], each source row stretched once.</summary>
internal static class Bilinear
{
    /// <summary>Fills an image; <paramref name="above"/> and <paramref name="below"/> are scratch of one output row each.</summary>
    public static void Resize<TPixels, TPixel, TSum>(
        ReadOnlySpan<TPixel> source, Span<TPixel> destination, int sourceWidth, int channels,
        BilinearAxis rows, BilinearAxis columns, TSum[] above, TSum[] below)
        where TPixels : IBilinear<TPixel, TSum>
    {
        var sourceRow = sourceWidth * channels;
        var row = columns.Length * channels;
        var (held, heldBelow) = (-1, -1);
        for (var y = 0; y < rows.Length; y++)
        {
            var (low, high) = (rows.Low[y], rows.High[y]);
            if (low == heldBelow)
            {
                (above, below) = (below, above);
                (held, heldBelow) = (heldBelow, held);
            }

            if (low != held) TPixels.Stretch(source.Slice(low * sourceRow, sourceRow), above, channels, columns);
            held = low;
            if (high != low && high != heldBelow)
            {
                TPixels.Stretch(source.Slice(high * sourceRow, sourceRow), below, channels, columns);
                heldBelow = high;
            }

            TPixels.Mix(above.AsSpan(0, row), (high == low ? above : below).AsSpan(0, row), rows, y, destination.Slice(y * row, row));
        }
    }
}
