using HTensor.Core;

namespace HTensor.Cli;

/// <summary>A file that cannot be written is better known before the work than after it.</summary>
internal static class OutputPlace
{
    /// <exception cref="RequestException">No name, a folder, a device, or no folder to write into.</exception>
    public static void Require(string path, string option = "--out")
    {
        if (path.Length == 0 || Directory.Exists(path)) throw new RequestException($"{option} {path}: expected a file to write, found {(path.Length == 0 ? "no name" : "a folder")}");
        if (OutputFile.IsDevice(path)) throw new RequestException($"{option} {path}: expected a file to write, found a device");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder)) throw new RequestException($"{option} {path}: expected a folder that is there, found none at {folder}");
    }
}
