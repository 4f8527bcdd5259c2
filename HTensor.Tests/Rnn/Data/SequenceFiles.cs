using HTensor.Core;

namespace HTensor.Tests.Rnn.Data;

/// <summary>Small npz files of sequences, right or with one thing wrong.</summary>
internal static class SequenceFiles
{
    /// <summary>Six samples, three steps, frames [2]; classes 0 1 0 1 0 1; the last two are test samples.</summary>
    public static Dictionary<string, NpyArray> Good() => new()
    {
        ["x"] = NpyArray.From<byte>(Enumerable.Range(1, 36).Select(i => (byte)i).ToArray(), 6, 3, 2),
        ["y"] = NpyArray.From<long>([0, 1, 0, 1, 0, 1]),
        ["lengths"] = NpyArray.From<long>([3, 2, 1, 3, 3, 3]),
        ["split"] = NpyArray.From<byte>([0, 0, 0, 0, 1, 1]),
        ["class_names"] = NpyArray.FromStrings(["off", "on"]),
    };

    public static string Write(TempFolder folder, string? key = null, NpyArray? array = null)
    {
        var arrays = Good();
        if (key is not null && array is null) arrays.Remove(key);
        if (key is not null && array is not null) arrays[key] = array;
        var path = folder.File("data.npz");
        NpzArchive.Write(path, arrays);
        return path;
    }
}
