using System.Globalization;
using HTensor.Core;

namespace HTensor.Cli;

/// <summary>The work of <c>prepare</c>: decode every video, several at once, and write one data file.</summary>
internal static class PrepareVerb
{
    public static void Run(PrepareRequest request, CommandIo io)
    {
        VideoDecoder.RequireProgram();
        var (classes, videos) = VideoFile.Find(request.Folder);
        var clip = (long)request.Frames * request.Size.Width * request.Size.Height * 3;
        if (clip * videos.Length > Array.MaxLength)
            throw new RequestException($"prepare: expected at most {Array.MaxLength} bytes, found {videos.Length} clips of {clip}; a smaller --size or fewer --frames make less");
        var (values, lengths) = (new byte[clip * videos.Length], new int[videos.Length]);
        Decode(request, videos, values, lengths, io);
        var split = Fold(videos, request.Fold);
        Request.Check(() => NpzArchive.Write(request.Out, new Dictionary<string, NpyArray>
        {
            ["x"] = NpyArray.From<byte>(values, videos.Length, request.Frames, request.Size.Height, request.Size.Width, 3),
            ["y"] = NpyArray.From<long>([.. videos.Select(video => (long)video.Label)], videos.Length),
            ["lengths"] = NpyArray.From<long>([.. lengths.Select(length => (long)length)], videos.Length),
            ["split"] = NpyArray.From<byte>(split, videos.Length),
            ["group"] = NpyArray.FromStrings([.. videos.Select(video => $"{classes[video.Label]}/{video.Group}")]),
            ["class_names"] = NpyArray.FromStrings(classes),
        }));
        Tell(request, classes, videos, split, io);
    }

    private static void Decode(PrepareRequest request, VideoFile[] videos, byte[] values, int[] lengths, CommandIo io)
    {
        var (clip, done, said) = (values.Length / videos.Length, 0, new Lock());
        var faults = new InvalidDataException?[videos.Length];
        Parallel.For(0, videos.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = io.Cancellation }, i =>
        {
            try
            {
                lengths[i] = VideoDecoder.Read(videos[i].Path, request.Size, request.Frames, values.AsSpan(i * clip, clip));
            }
            catch (InvalidDataException exception)
            {
                faults[i] = exception;
            }

            lock (said)
            {
                if (++done % 100 == 0) io.Say(string.Create(CultureInfo.InvariantCulture, $"{done} of {videos.Length} videos"));
            }
        });
        if (Array.Find(faults, fault => fault is not null) is { } first) throw first;
    }

    /// <summary>1 where a sample is of the test: every fifth group of its class, in the order of their names, from the fold's.</summary>
    internal static byte[] Fold(VideoFile[] videos, int fold)
    {
        var groups = videos.GroupBy(video => video.Label).ToDictionary(group => group.Key, group => group.Select(video => video.Group).Distinct().Order(StringComparer.Ordinal).ToList());
        return [.. videos.Select(video => (byte)(groups[video.Label].IndexOf(video.Group) % PrepareRequest.Folds == fold - 1 ? 1 : 0))];
    }

    private static void Tell(PrepareRequest request, string[] classes, VideoFile[] videos, byte[] split, CommandIo io)
    {
        io.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("count", videos.Length);
            writer.WriteStartArray("classes");
            foreach (var name in classes) writer.WriteStringValue(name);
            writer.WriteEndArray();
            writer.WriteList("shape", [videos.Length, request.Frames, request.Size.Height, request.Size.Width, 3]);
            writer.WriteNumber("test", split.Count(part => part == 1));
            writer.WriteEndObject();
        });
        io.Say($"{Words.Count(videos.Length)} videos of {classes.Length} classes, {Words.Count(videos.Select(video => (video.Label, video.Group)).Distinct().Count())} groups; test: fold {request.Fold}, {Words.Count(split.Count(part => part == 1))} videos");
        io.Say($"{request.Out}: {request.Frames} frames of {request.Size}; htensor train {request.Out}");
    }
}
