using HTensor.Cli;
using HTensor.Tests.Browser;
using StbImageSharp;

namespace HTensor.Tests;

public sealed class CompareTests
{
    [Fact]
    public void Runs_stand_side_by_side_and_what_is_none_is_refused()
    {
        using var folder = new TemporaryFolder();
        TinyVideo.Write(folder.In("clips.npz"));
        foreach (var format in (string[])["ht", "tt"])
        {
            var train = ToolRun.OfEngine("train", folder.In("clips.npz"), "--format", format, "--rank", "2", "--inner-rank", "2", "--hidden", "8", "--epochs", "2", "--threads", "1", "--out", folder.In(format));
            Assert.True(train.ExitCode == 0, train.Error);
        }

        var run = ToolRun.OfEngine("compare", folder.In("ht"), folder.In("tt"), "--out", folder.In("page.html"), "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("\"format\":\"ht\"", run.Output);
        Assert.Contains("\"format\":\"tt\"", run.Output);
        var page = File.ReadAllText(folder.In("page.html"));
        Assert.Contains("<td>ranks</td>", page);
        Assert.DoesNotContain("<td>epochs</td>", page);
        Assert.DoesNotContain("http", page);
        File.Delete(folder.In("tt/result.json"));
        Assert.Contains("expected result.json, which a run has at its end, found none; htensor train --resume", ToolRun.OfEngine("compare", folder.In("ht"), folder.In("tt")).RequireRefusal());
        Assert.Contains("expected config.json, found none", ToolRun.OfEngine("compare", folder.In("ht"), folder.In("none")).RequireRefusal());
        Assert.Equal($"htensor: compare: expected two runs or more, found {folder.In("ht")} alone", ToolRun.OfEngine("compare", folder.In("ht")).RequireRefusal());
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 5, 3)]
    [InlineData(64, 3, 1)]
    public void A_PNG_is_read_back_by_another_reader(int width, int height, int channels)
    {
        var pixels = new byte[width * height * channels];
        new Random(3).NextBytes(pixels);
        var image = ImageResult.FromMemory(PngImage.Encode(pixels, width, height, channels), channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue);
        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal(pixels, image.Data);
    }
}
