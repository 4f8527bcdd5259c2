namespace HTensor.Tests;

/// <summary>A folder of a test's own, deleted with all in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("htensor").FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public string WriteFile(string name, string text = "")
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
