using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests;

/// <summary>Data that is odd but there: one class, an empty split, clips of one frame, sizes that are primes. It trains, or one line says why not.</summary>
public sealed class OddDataTests
{
    [Theory]
    [InlineData("ht")]
    [InlineData("tt")]
    [InlineData("tr")]
    [InlineData("bt")]
    [InlineData("tucker")]
    [InlineData("cp")]
    [InlineData("dense")]
    public void Frames_of_prime_sizes_and_clips_of_one_frame_train(string format)
    {
        using var folder = new TemporaryFolder();
        foreach (var (steps, frame) in ((int, int[])[])[(1, [7, 5, 3]), (3, [7, 5, 3]), (2, [13, 11]), (1, [127]), (3, [1])])
        {
            Write(folder.In("d.npz"), steps, frame, sample => sample % 2, sample => sample < 20 ? 0 : 1);
            var run = ToolRun.OfEngine("train", folder.In("d.npz"), "--format", format, "--rank", "1", "--inner-rank", "1", "--hidden", "7", "--epochs", "1", "--threads", "1", "--shift", "1", "--time-jitter", "1", "--out", folder.In("run"));
            Assert.True(run.ExitCode == 0, $"{steps} of [{string.Join(", ", frame)}]: {run.Error}");
            Assert.True(File.Exists(folder.In("run/report.html")));
        }
    }

    [Fact]
    public void One_class_an_empty_split_or_nothing_to_difference_is_one_line()
    {
        using var folder = new TemporaryFolder();
        Refused(1, _ => 0, sample => sample < 20 ? 0 : 1, "training samples: expected two classes or more, found only class 0");
        Refused(1, sample => sample % 2, _ => 1, "expected training samples (0), found none");
        Refused(1, sample => sample % 2, _ => 0, "expected test samples (1; or 2, with 1 for validation), found none");
        Refused(1, sample => sample % 2, sample => sample < 20 ? 0 : 1, "step input: expected training samples of two steps or more, to take differences of, found none", "--step-input", "differences");
        Refused(3, sample => sample % 2, sample => sample < 20 ? 0 : 1, "flip: expected frames [height, width] or [height, width, channels], found [6]", "--flip", "0.5");
        Refused(3, sample => sample % 2, sample => sample < 20 ? 0 : 1, "--label-smoothing: expected a number from 0 to below 1, found \"1\"", "--label-smoothing", "1");

        void Refused(int steps, Func<int, int> label, Func<int, int> split, string part, params string[] more)
        {
            Write(folder.In("d.npz"), steps, [6], label, split);
            var line = ToolRun.OfEngine(["train", folder.In("d.npz"), "--hidden", "4", "--rank", "1", "--epochs", "1", "--threads", "1", "--out", folder.In("run"), .. more]);
            Assert.NotEqual(0, line.ExitCode);
            Assert.Contains(part, line.Error.TrimEnd().Split('\n')[^1]);
            Assert.Single(line.Error.TrimEnd().Split('\n'));
        }
    }

    private static void Write(string path, int steps, int[] frame, Func<int, int> label, Func<int, int> split)
    {
        const int samples = 30;
        var values = new byte[samples * steps * frame.Aggregate(1, (product, size) => product * size)];
        var random = new Philox(2);
        for (var i = 0; i < values.Length; i++) values[i] = (byte)random.NextInt32(256);
        NpzArchive.Write(path, new Dictionary<string, NpyArray>
        {
            ["x"] = NpyArray.From<byte>(values, [samples, steps, .. frame]),
            ["y"] = NpyArray.From<long>([.. Enumerable.Range(0, samples).Select(sample => (long)label(sample))], samples),
            ["split"] = NpyArray.From<byte>([.. Enumerable.Range(0, samples).Select(sample => (byte)split(sample))], samples),
        });
    }
}
