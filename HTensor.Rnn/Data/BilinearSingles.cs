namespace HTensor.Rnn;

/// <summary>
/// Bilinear interpolation of float images [height, width, channels] in double: a + w (b - a) by fused multiply-add, along the width, then
/// between two rows, rounded once to float. A constant image stays as it is, to the bit.
/// </summary>
internal readonly struct BilinearSingles : IBilinear<float, double>
{
    public static void Stretch(ReadOnlySpan<float> source, Span<double> row, int channels, BilinearAxis columns)
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

    public static void Mix(ReadOnlySpan<double> above, ReadOnlySpan<double> below, BilinearAxis rows, int y, Span<float> destination)
    {
        var weight = rows.Weight[y];
        for (var i = 0; i < destination.Length; i++) destination[i] = (float)Between(above[i], below[i], weight);
    }

    private static double Between(double a, double b, double weight) => double.FusedMultiplyAdd(weight, b - a, a);
}
