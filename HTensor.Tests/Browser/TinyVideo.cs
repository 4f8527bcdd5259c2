using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Browser;

/// <summary>Colour clips of 8x9 pixels on which a bright square moves left, right or not at all.</summary>
internal static class TinyVideo
{
    public static void Write(string path, int clips = 60, int steps = 4)
    {
        const int height = 8, width = 9;
        var (random, x) = (new Philox(4), new byte[clips * steps * height * width * 3]);
        for (var i = 0; i < x.Length; i++)
        {
            var (clip, step, row, column, channel) = (i / (steps * height * width * 3), i / (height * width * 3) % steps, i / (width * 3) % height, i / 3 % width, i % 3);
            var left = 3 + (clip % 3 - 1) * step;
            x[i] = (byte)(random.NextInt32(60) + (row is > 2 and < 6 && column >= left && column < left + 3 ? 150 + 30 * channel : 20));
        }

        NpzArchive.Write(path, new Dictionary<string, NpyArray>
        {
            ["x"] = NpyArray.From<byte>(x, clips, steps, height, width, 3),
            ["y"] = NpyArray.From<long>([.. Enumerable.Range(0, clips).Select(clip => (long)(clip % 3))], clips),
            ["split"] = NpyArray.From<byte>([.. Enumerable.Range(0, clips).Select(clip => (byte)(clip < clips * 3 / 4 ? 0 : 1))], clips),
            ["class_names"] = NpyArray.FromStrings(["left", "still", "right"]),
        });
    }
}
