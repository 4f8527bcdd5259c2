using System.Diagnostics.CodeAnalysis;

namespace HTensor.Core;

/// <summary>A folder of npy files, each an array of its name.</summary>
internal sealed class NpyFolder(string path) : IArrayStore
{
    public bool Contains(string name) => File.Exists(FileOf(name));

    public NpyArray Read(string name)
    {
        RequireKey(name);
        return NpyFile.Read(FileOf(name));
    }

    public bool TryRead(string name, [NotNullWhen(true)] out NpyArray? array)
    {
        array = Contains(name) ? NpyFile.Read(FileOf(name)) : null;
        return array is not null;
    }

    public StoredArray Locate(string name)
    {
        RequireKey(name);
        using var stream = InputFile.Open(FileOf(name));
        return NpyFormat.Locate(stream, stream, stream.Length, new DataPlace(FileOf(name)));
    }

    public void Dispose()
    {
    }

    private string FileOf(string name) => Path.Combine(path, name + ".npy");

    private void RequireKey(string name)
    {
        if (!Contains(name)) throw new DataPlace(path).Unexpected("folder", $"{name}.npy", "none");
    }
}
