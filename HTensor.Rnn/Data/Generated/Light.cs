using System.Numerics;

namespace HTensor.Rnn;

/// <summary>How much light falls on a frame: every value times light / <see cref="Unit"/>, at most 255.</summary>
internal static class Light
{
    /// <summary>The light that leaves values as they are.</summary>
    public const int Unit = 1 << Shift;

    /// <summary>Up to here a product of light and a byte fits 16 bits.</summary>
    public const int Maximum = 2 * Unit;

    private const int Shift = 7;

    public static int Of(int value, int light) => Math.Min((value * light) >> Shift, 255);

    /// <summary>destination[i] = Of(source[i], light). The two may be the same span. Integers, so the vector width does not show.</summary>
    public static void Apply(ReadOnlySpan<byte> source, int light, Span<byte> destination)
    {
        var i = 0;
        var gain = new Vector<ushort>((ushort)light);
        var white = new Vector<ushort>(255);
        for (; i <= source.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(source[i..]), out var low, out var high);
            low = Vector.Min((low * gain) >> Shift, white);
            high = Vector.Min((high * gain) >> Shift, white);
            Vector.Narrow(low, high).CopyTo(destination[i..]);
        }

        for (; i < source.Length; i++) destination[i] = (byte)Of(source[i], light);
    }
}
