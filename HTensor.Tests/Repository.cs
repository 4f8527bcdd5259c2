namespace HTensor.Tests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "HTensor.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("HTensor.sln was found in no folder above the tests");
    }
}
