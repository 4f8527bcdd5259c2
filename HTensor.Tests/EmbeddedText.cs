namespace HTensor.Tests;

/// <summary>A text file of the repository that the tests' project embeds.</summary>
internal static class EmbeddedText
{
    public static string[] Lines(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(name);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
