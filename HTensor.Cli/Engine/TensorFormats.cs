using HTensor.Core;

namespace HTensor.Cli;

/// <summary>The words of a tensor's formats.</summary>
internal static class TensorFormats
{
    public static string[] Names { get; } = ["ht", "tt", "tucker"];

    public static TensorFormat Of(string name) => (TensorFormat)Array.IndexOf(Names, name);

    public static string Name(TensorFormat format) => Names[(int)format];
}
