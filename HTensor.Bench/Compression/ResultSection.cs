namespace HTensor.Bench;

/// <summary>A document of results whose sections are written one by one.</summary>
internal static class ResultSection
{
    /// <summary>Puts lines in the place of the section of this name, or behind the others.</summary>
    public static void Write(string path, string name, IReadOnlyList<string> lines)
    {
        List<string> text = File.Exists(path) ? [.. File.ReadAllLines(path)] : [$"# {Path.GetFileNameWithoutExtension(path)}", ""];
        var heading = $"## {name}";
        var first = text.IndexOf(heading);
        if (first < 0)
        {
            first = text.Count;
        }
        else
        {
            var next = text.FindIndex(first + 1, line => line.StartsWith("## ", StringComparison.Ordinal));
            text.RemoveRange(first, (next < 0 ? text.Count : next) - first);
        }

        text.InsertRange(first, [heading, "", .. lines, ""]);
        File.WriteAllText(path, string.Join('\n', text).TrimEnd() + "\n");
    }
}
