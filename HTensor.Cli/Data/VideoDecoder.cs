using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace HTensor.Cli;

/// <summary>Frames of a video through an installed ffmpeg, spread evenly over its time. A long video takes no more memory than a short one.</summary>
internal static class VideoDecoder
{
    private const string Program = "ffmpeg";

    /// <summary>Frames kept while the length is not known yet; then every other goes.</summary>
    private const int MostKept = 512;

    /// <exception cref="RequestException">There is no ffmpeg.</exception>
    public static void RequireProgram()
    {
        try
        {
            using var process = Start("-version");
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
        catch (Win32Exception exception)
        {
            throw new RequestException($"prepare: expected {Program} on the PATH (apt-get install ffmpeg, brew install ffmpeg, winget install ffmpeg), found none", exception);
        }
    }

    /// <summary>Writes up to <paramref name="frames"/> frames [height, width, 3] and gives their number, less where the video has fewer.</summary>
    /// <exception cref="InvalidDataException">ffmpeg reads no frame; the message has its own words.</exception>
    public static int Read(string path, FrameSize size, int frames, Span<byte> destination)
    {
        var bytes = size.Width * size.Height * 3;
        var scale = string.Create(CultureInfo.InvariantCulture, $"scale={size.Width}:{size.Height}:flags=area");
        using var process = Start("-v", "error", "-nostdin", "-threads", "1", "-i", path, "-an", "-vf", scale, "-pix_fmt", "rgb24", "-f", "rawvideo", "-");
        var words = process.StandardError.ReadToEndAsync();
        var (kept, count, stride) = Evenly(process.StandardOutput.BaseStream, bytes);
        process.WaitForExit();
        if (count == 0)
        {
            var said = words.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            throw new InvalidDataException($"{path}: expected a video that ffmpeg reads, found: {(said.Length > 0 ? said[^1] : "no frame")}");
        }

        var taken = Math.Min(frames, count);
        for (var i = 0; i < taken; i++)
        {
            // The middle of each of as many equal parts.
            var at = (2 * i + 1) * (long)count / (2 * taken);
            kept[(int)Math.Min(at / stride, kept.Count - 1)].CopyTo(destination.Slice(i * bytes, bytes));
        }

        return taken;
    }

    /// <summary>Every stride-th frame, the stride a power of 2 such that they are few.</summary>
    private static (List<byte[]> Kept, int Count, int Stride) Evenly(Stream frames, int bytes)
    {
        var (kept, count, stride, buffer) = (new List<byte[]>(), 0, 1, new byte[bytes]);
        while (frames.ReadAtLeast(buffer, bytes, throwOnEndOfStream: false) == bytes)
        {
            if (count++ % stride != 0) continue;
            kept.Add([.. buffer]);
            if (kept.Count <= MostKept) continue;
            kept = [.. kept.Where((_, i) => i % 2 == 0)];
            stride *= 2;
        }

        return (kept, count, stride);
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = false })!;
}
