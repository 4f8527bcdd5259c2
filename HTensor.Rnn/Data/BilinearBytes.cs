using System.Numerics;

namespace HTensor.Rnn;

/// <summary>
/// Bilinear interpolation of byte images [height, width, channels] in integers: rows first along the width (19 bits), then between two rows
/// (30 bits), rounded to the nearest. The same on every processor.
/// </summary>
internal readonly struct BilinearBytes : IBilinear<byte, uint>
{
    private const int Shift = 2 * BilinearAxis.WeightBits;
    private const uint Half = 1u << (Shift - 1);

    /// <summary>row[x, c] = (2048 - w) source[low, c] + w source[high, c].</summary>
    public static void Stretch(ReadOnlySpan<byte> source, Span<uint> row, int channels, BilinearAxis columns)
    {
        var at = 0;
        for (var x = 0; x < columns.Length; x++)
        {
            var left = source.Slice(columns.Low[x] * channels, channels);
            var right = source.Slice(columns.High[x] * channels, channels);
            var weight = columns.ByteWeight[x];
            for (var c = 0; c < left.Length; c++) row[at++] = (BilinearAxis.One - weight) * left[c] + weight * right[c];
        }
    }

    /// <summary>destination = ((2048 - w) above + w below) / 2048^2, rounded.</summary>
    public static void Mix(ReadOnlySpan<uint> above, ReadOnlySpan<uint> below, BilinearAxis rows, int y, Span<byte> destination)
    {
        var weight = rows.ByteWeight[y];
        var i = 0;
        for (var lanes = Vector<uint>.Count; i <= destination.Length - 4 * lanes; i += 4 * lanes)
        {
            var low = Vector.Narrow(Mix(above, below, weight, i), Mix(above, below, weight, i + lanes));
            var high = Vector.Narrow(Mix(above, below, weight, i + 2 * lanes), Mix(above, below, weight, i + 3 * lanes));
            Vector.Narrow(low, high).CopyTo(destination[i..]);
        }

        for (; i < destination.Length; i++) destination[i] = (byte)(((BilinearAxis.One - weight) * above[i] + weight * below[i] + Half) >> Shift);
    }

    private static Vector<uint> Mix(ReadOnlySpan<uint> above, ReadOnlySpan<uint> below, uint weight, int at) =>
        (new Vector<uint>(above[at..]) * (BilinearAxis.One - weight) + new Vector<uint>(below[at..]) * weight + new Vector<uint>(Half)) >>> Shift;
}
