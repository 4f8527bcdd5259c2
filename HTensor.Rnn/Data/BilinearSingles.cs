namespace HTensor.Rnn;

/// <summary>
/// Bilinear interpolation of float images [height, width, channels] in double: a + w (b - a) by fused multiply-add, along the width, then
/// between two rows, rounded once to float. A constant image stays as it is, to the bit.
/// </summary>
internal static class BilinearSingles
{
    /// <summary>Fills an image; <paramref name="above"/> and <paramref name="below"/> are scratch of one output row each.</summary>
    public static void Resize(
        ReadOnlySpan<float> source, Span<float> destination, int sourceWidth, int channels,
        BilinearAxis rows, BilinearAxis columns, double[] above, double[] below)
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

            if (low != held) Stretch(source.Slice(low * sourceRow, sourceRow), above, channels, columns);
            held = low;
            if (high != low && high != heldBelow)
            {
                Stretch(source.Slice(high * sourceRow, sourceRow), below, channels, columns);
                heldBelow = high;
            }

            Mix(above.AsSpan(0, row), (high == low ? above : below).AsSpan(0, row), rows.Weight[y], destination.Slice(y * row, row));
        }
    }

    private static void Stretch(ReadOnlySpan<float> source, Span<double> row, int channels, BilinearAxis columns)
    {
        var at = 0;
        for (var x = 0; x < columns.Length; x++)
        {
            var left = source.Slice(columns.Low[x] * channels, channels);
            var right = source.Slice(columns.High[x] * channels, channels);
            var weight = columns.Weight[x];
            for (var c = 0; c < left.Length; c++) row[at++] = Between(left[c], right[c], weight);
        }
    }

    private static void Mix(ReadOnlySpan<double> above, ReadOnlySpan<double> below, double weight, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = (float)Between(above[i], below[i], weight);
    }

    private static double Between(double a, double b, double weight) => double.FusedMultiplyAdd(weight, b - a, a);
}
