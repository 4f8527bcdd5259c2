using System.Globalization;

namespace HTensor.Cli;

/// <summary>The modes of one side of a weight matrix as the user gave them: sizes, or null for <c>auto</c>.</summary>
internal readonly record struct Modes(IReadOnlyList<int>? Sizes)
{
    public const string Expected = "sizes such as 8,10,10,9,8 or auto";

    public static Modes Auto => new(null);

    public bool IsAuto => Sizes is null;

    public static bool TryParse(string text, out Modes modes)
    {
        modes = Auto;
        if (text == "auto") return true;
        var parts = text.Split(',');
        var sizes = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]) || sizes[i] < 1) return false;
        }

        modes = new(sizes);
        return true;
    }

    public override string ToString() => Sizes is null ? "auto" : string.Join(',', Sizes);
}
