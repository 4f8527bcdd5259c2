using HTensor.Core;

namespace HTensor.Tests;

/// <summary>
/// An npz file that trains in a blink: 60 sequences of up to 4 steps, frames [4, 6] of floats whose brightest row, one of three, is the class;
/// the last 15 are test samples.
/// </summary>
internal static class TinySequences
{
    public const int Samples = 60, Steps = 4, Rows = 4, Columns = 6;

    /// <summary>Options of a small model, trained in steps of 8 sequences.</summary>
    public static readonly string[] Small = ["--hidden", "16", "--rank", "2", "--batch", "8"];

    /// <summary>Options with which it learns.</summary>
    public static readonly string[] Learning = [.. Small, "--epochs", "4", "--learning-rate", "0.05"];

    public static string Write(string path, string? key = null, NpyArray? array = null)
    {
        var arrays = Good();
        if (key is not null && array is null) arrays.Remove(key);
        if (key is not null && array is not null) arrays[key] = array;
        NpzArchive.Write(path, arrays);
        return path;
    }

    public static Dictionary<string, NpyArray> Good() => new()
    {
        ["x"] = NpyArray.From<float>(Frames(), Samples, Steps, Rows, Columns),
        ["y"] = NpyArray.From<long>([.. Enumerable.Range(0, Samples).Select(sample => (long)sample % 3)]),
        ["lengths"] = NpyArray.From<long>([.. Enumerable.Range(0, Samples).Select(sample => (long)(sample % Steps) + 1)]),
        ["split"] = NpyArray.From<byte>([.. Enumerable.Range(0, Samples).Select(sample => (byte)(sample < 45 ? 0 : 1))]),
        ["class_names"] = NpyArray.FromStrings(["top", "upper", "lower"]),
    };

    public static float[] Frames()
    {
        var random = new Random(1);
        var values = new float[Samples * Steps * Rows * Columns];
        for (var i = 0; i < values.Length; i++)
        {
            var (sample, row) = (i / (Steps * Rows * Columns), i / Columns % Rows);
            values[i] = (float)random.NextDouble() + (row == sample % 3 ? 1f : 0);
        }

        return values;
    }
}
