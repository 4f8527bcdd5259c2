using System.Globalization;

namespace HTensor.Cli;

/// <summary>The size of a frame in pixels, written as width x height: 160x120.</summary>
internal readonly record struct FrameSize(int Width, int Height)
{
    public const string Expected = "a width and a height in pixels such as 160x120";

    private const int Largest = 16384;

    public static bool TryParse(string text, out FrameSize size)
    {
        size = default;
        var parts = text.Split('x');
        if (parts.Length != 2 || !TryRead(parts[0], out var width) || !TryRead(parts[1], out var height)) return false;
        size = new(width, height);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");

    private static bool TryRead(string text, out int pixels) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out pixels) && pixels is >= 1 and <= Largest;
}
