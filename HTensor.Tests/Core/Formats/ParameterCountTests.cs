using HTensor.Core;

namespace HTensor.Tests.Core.Formats;

public sealed class ParameterCountTests
{
    [Theory]
    [InlineData("ht", 1_245)]
    [InlineData("tt", 3_360)]
    [InlineData("bt", 3_392)]
    [InlineData("tr", 1_725)]
    public void PublishedLayersHaveTheirPublishedCounts(string format, long expected) =>
        Assert.Equal(expected, Published.Network(format).ParameterCount);
}
