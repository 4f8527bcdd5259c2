using HTensor.Samples;

namespace HTensor.Tests.Kernels;

/// <summary>
/// The kernels' hashes, recorded once in samples/SameBits: they must be the same under every switch of the instruction set (.ci/same-bits), where no
/// two runs can see each other.
/// </summary>
public sealed class SameBitsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Kernels_have_the_recorded_bits(int threads)
    {
        string[] found = [.. KernelBits<float>.Lines(threads), .. KernelBits<double>.Lines(threads)];
        Assert.Equal(EmbeddedText.Lines("recorded.txt").Where(line => !line.StartsWith("training", StringComparison.Ordinal)), found);
    }
}
