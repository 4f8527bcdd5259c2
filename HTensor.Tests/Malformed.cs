using HTensor.Core;
using Xunit;

namespace HTensor.Tests;

/// <summary>What every reader owes to a bad file: one exception of one kind, one line that names the file, little memory.</summary>
public static class Malformed
{
    private const long Slack = 64 << 20;

    /// <summary>Asserts that <paramref name="read"/> refuses the file in one line holding each of <paramref name="parts"/>.</summary>
    public static void Refused(string path, Action read, params string[] parts)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<InvalidDataException>(read);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= 2 * new FileInfo(path).Length + Slack, $"{allocated} bytes allocated to refuse {new FileInfo(path).Length}");
        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        foreach (var part in parts) Assert.Contains(part, exception.Message, StringComparison.Ordinal);
    }
}
