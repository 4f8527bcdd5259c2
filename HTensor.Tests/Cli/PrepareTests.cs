using System.Diagnostics;
using HTensor.Cli;
using HTensor.Core;

namespace HTensor.Tests;

/// <summary>Videos that ffmpeg makes here, through <c>prepare</c> and into training.</summary>
public sealed class PrepareTests
{
    [Fact]
    public void Clips_become_frames_by_class_and_group()
    {
        Assert.SkipUnless(HasFfmpeg(), "no ffmpeg is installed: apt-get install ffmpeg");
        using var folder = new TemporaryFolder();
        foreach (var (name, colour) in ((string, string)[])[("jump", "red"), ("walk", "blue")])
        {
            Directory.CreateDirectory(folder.In($"videos/{name}/Annotation"));
            for (var group = 1; group <= 2; group++)
            {
                for (var clip = 1; clip <= 2; clip++) Make(folder.In($"videos/{name}/v_{name}_{group:D2}_{clip:D2}.avi"), $"color={colour}:size=32x24:rate=10:duration=0.5");
            }
        }

        var run = ToolRun.OfEngine("prepare", folder.In("videos"), "--size", "16x12", "--frames", "4", "--out", folder.In("d.npz"), "--fold", "2", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("\"count\":8,\"classes\":[\"jump\",\"walk\"],\"shape\":[8,4,12,16,3],\"test\":4", run.Output);
        using var archive = NpzArchive.Open(folder.In("d.npz"));
        var x = archive.Read("x");
        Assert.Equal([8, 4, 12, 16, 3], x.Shape);
        Assert.Equal([.. Enumerable.Repeat(0L, 4), .. Enumerable.Repeat(1L, 4)], archive.Read("y").As<long>().ToArray());
        Assert.All(archive.Read("lengths").As<long>().ToArray(), length => Assert.Equal(4, length));
        Assert.Equal(["jump/01", "jump/01", "jump/02", "jump/02"], archive.Read("group").Strings().Take(4));
        // The second group of each class.
        Assert.Equal([2, 3, 6, 7], archive.Read("split").As<byte>().ToArray().Select((part, i) => (part, i)).Where(pair => pair.part == 1).Select(pair => pair.i));
        var pixels = x.As<byte>().ToArray();
        Assert.InRange(pixels[0] - pixels[2], 150, 255);
        Assert.InRange(pixels[^1] - pixels[^3], 150, 255);
        var train = ToolRun.OfEngine("train", folder.In("d.npz"), "--epochs", "1", "--hidden", "8", "--validation", "0", "--threads", "1", "--out", folder.In("run"));
        Assert.True(train.ExitCode == 0, train.Error);
    }

    [Fact]
    public void Frames_are_spread_over_the_time_and_short_clips_are_short()
    {
        Assert.SkipUnless(HasFfmpeg(), "no ffmpeg is installed: apt-get install ffmpeg");
        using var folder = new TemporaryFolder();
        // Frame i has the gray value 2 i.
        Make(folder.In("long.avi"), "color=black:size=16x16:rate=25:duration=4,format=gray,geq=lum='2*N'");
        Make(folder.In("short.avi"), "color=black:size=16x16:rate=25:duration=0.08,format=gray,geq=lum='2*N'");
        var frames = new byte[5 * 16 * 16 * 3];
        Assert.Equal(5, VideoDecoder.Read(folder.In("long.avi"), new FrameSize(16, 16), 5, frames));
        for (var i = 0; i < 5; i++) Assert.InRange(frames[i * 768], 2 * (10 + 20 * i) - 24, 2 * (10 + 20 * i) + 24);
        Assert.True(Enumerable.Range(1, 4).All(i => frames[i * 768] > frames[(i - 1) * 768] + 20), "they rise");
        Assert.Equal(2, VideoDecoder.Read(folder.In("short.avi"), new FrameSize(16, 16), 5, frames));
    }

    [Fact]
    public void What_is_wrong_is_one_line()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("htensor: FOLDER: expected a folder, found nothing at none", ToolRun.OfEngine("prepare", "none", "--out", "d.npz").RequireRefusal());
        Assert.Contains("--fold: expected a whole number from 1 to 5, found \"6\"", ToolRun.OfEngine("prepare", folder.In("."), "--out", "d.npz", "--fold", "6").RequireRefusal());
        Assert.SkipUnless(HasFfmpeg(), "no ffmpeg is installed: apt-get install ffmpeg");
        Assert.Contains("for each of two classes or more, found none", ToolRun.OfEngine("prepare", folder.In("."), "--out", folder.In("d.npz")).RequireRefusal());
        foreach (var name in (string[])["a", "b"])
        {
            Directory.CreateDirectory(folder.In($"videos/{name}"));
            File.WriteAllText(folder.In($"videos/{name}/clip.mp4"), "no video");
        }

        Assert.Contains("clip.mp4: expected a video that ffmpeg reads, found: ", ToolRun.OfEngine("prepare", folder.In("videos"), "--out", folder.In("d.npz")).RequireRefusal());
        Assert.False(File.Exists(folder.In("d.npz")));
    }

    [Fact]
    public void Without_ffmpeg_one_line_says_where_to_get_it()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["a", "b"])
        {
            Directory.CreateDirectory(folder.In($"videos/{name}"));
            File.WriteAllText(folder.In($"videos/{name}/clip.mp4"), "");
        }

        using var tool = ToolProcess.Start(folder.In("videos"), ["prepare", folder.In("videos"), "--out", folder.In("d.npz")]);
        var (code, _, error) = tool.End();
        Assert.Equal(ExitCode.WrongRequest, code);
        Assert.Equal("htensor: prepare: expected ffmpeg on the PATH (apt-get install ffmpeg, brew install ffmpeg, winget install ffmpeg), found none", error.Trim());
        Assert.False(File.Exists(folder.In("d.npz")));
    }

    private static bool HasFfmpeg() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(path => File.Exists(Path.Combine(path, "ffmpeg")));

    private static void Make(string path, string source)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", "-f", "lavfi", "-i", source, "-c:v", "mjpeg", "-q:v", "2", path]))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
