using System.Text.RegularExpressions;

namespace HTensor.Cli;

/// <summary>A video of a class. Videos of one group, such as those cut from one recording, belong on one side of a split.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">Its class.</param>
/// <param name="Group">Of the class's own.</param>
internal sealed partial record VideoFile(string Path, int Label, string Group)
{
    public static readonly string[] Extensions = [".avi", ".mp4", ".mpg", ".mpeg", ".mov", ".mkv", ".webm", ".m4v"];

    /// <summary>The class folders that hold videos, and their videos, in the ordinal order of their names.</summary>
    /// <exception cref="RequestException">There are not two classes.</exception>
    public static (string[] Classes, VideoFile[] Videos) Find(string folder)
    {
        var classes = Directory.GetDirectories(folder)
            .Order(StringComparer.Ordinal)
            .Select(path => (Name: System.IO.Path.GetFileName(path), Path: path, Videos: Videos(path)))
            .Where(found => found.Videos.Length > 0)
            .ToArray();
        if (classes.Length < 2)
        {
            throw new RequestException($"{folder}: expected a folder of videos ({string.Join(", ", Extensions)}) for each of two classes or more, found "
                + (classes.Length == 0 ? "none" : $"{classes[0].Name} alone"));
        }

        return ([.. classes.Select(found => found.Name)], [.. classes.SelectMany((found, label) => found.Videos.Select(video => new VideoFile(video, label, GroupOf(video, found.Path))))]);
    }

    /// <summary>GG of v_class_GG_NN, as UCF11 and its kin name their files; else the folder between class and clip; else the clip itself.</summary>
    private static string GroupOf(string video, string classFolder)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(video);
        if (UcfName().Match(name) is { Success: true } match) return match.Groups[1].Value;
        var folder = System.IO.Path.GetDirectoryName(video)!;
        return folder == classFolder ? name : System.IO.Path.GetRelativePath(classFolder, folder);
    }

    private static string[] Videos(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => Extensions.Contains(System.IO.Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal)];

    [GeneratedRegex("^v_.+_g?([0-9]+)_c?[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex UcfName();
}
