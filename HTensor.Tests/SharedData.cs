using Xunit;

namespace HTensor.Tests;

/// <summary>The real data sets, which lie in a folder <c>shared/data</c> beside the repository or above it.</summary>
public static class SharedData
{
    /// <summary>Path of a file of the folder; the test is skipped where there is no such folder.</summary>
    public static string Require(string file)
    {
        var folder = Find();
        Assert.SkipWhen(folder is null, "shared/data was found in no folder above the tests");
        return Path.Combine(folder!, file);
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate)) return candidate;
        }

        return null;
    }
}
