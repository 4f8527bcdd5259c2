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

    /// <summary>A file of another task than classes.</summary>
    public static string WriteTask(string path, string task)
    {
        byte[] split = [.. Enumerable.Range(0, Samples).Select(sample => (byte)(sample < 40 ? 0 : sample < 50 ? 1 : 2))];
        var arrays = task switch
        {
            "next-symbol" => new Dictionary<string, NpyArray>
            {
                ["x"] = NpyArray.From<byte>([.. Enumerable.Range(0, 300).Select(i => (byte)(i % 3))], 300),
                ["vocab"] = NpyArray.FromStrings(["a", "b", "c"]),
                ["split_ends"] = NpyArray.From<long>([200, 250, 300], 3),
            },
            "next-notes" => new Dictionary<string, NpyArray>
            {
                ["x"] = NpyArray.From<byte>([.. Enumerable.Range(0, Samples * 6).Select(i => (byte)(i % 2))], Samples * 2, 3),
                ["lengths"] = NpyArray.From<long>([.. Enumerable.Repeat(2L, Samples)], Samples),
                ["split"] = NpyArray.From<byte>(split, Samples),
            },
            _ => new Dictionary<string, NpyArray>(Good()) { ["y"] = NpyArray.From<float>([.. Enumerable.Range(0, Samples).Select(sample => sample % 3f)], Samples), ["split"] = NpyArray.From<byte>(split, Samples) },
        };
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
