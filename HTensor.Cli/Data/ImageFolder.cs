using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>
/// A folder of PNG or JPEG frames by class, <c>class/clip/frame.png</c>, or with <c>train</c>, <c>test</c> and if wanted <c>validation</c>
/// above the classes. Classes, clips and frames are in the ordinal order of their names. Without a <c>test</c> a fifth of each class is it.
/// </summary>
internal static class ImageFolder
{
    private const double TestPart = 0.2;

    /// <summary>Up to here clips are decoded once, beyond at each reading.</summary>
    private const long MostInMemory = 1L << 30;

    private static readonly string[] Splits = ["train", "validation", "test"];

    /// <exception cref="InvalidDataException">The folder holds no such files; the message names what was expected and found.</exception>
    public static SequenceData Load(string path, ulong seed)
    {
        var hasSplits = Directory.Exists(Path.Combine(path, "train"));
        string[] roots = hasSplits ? [.. Splits.Select(split => Path.Combine(path, split))] : [path];
        string[] classes = [.. roots.SelectMany(Folders).Select(folder => Path.GetFileName(folder)!).Distinct().Order(StringComparer.Ordinal)];
        if (classes.Length < 2) throw new InvalidDataException($"{path}: expected x.npy, or a folder for each of two classes or more, found {(classes.Length == 0 ? "none" : classes[0])}");
        var (clips, labels, splits) = (new List<string[]>(), new List<int>(), new List<int>());
        for (var split = 0; split < roots.Length; split++)
        {
            for (var label = 0; label < classes.Length; label++)
            {
                foreach (var clip in Folders(Path.Combine(roots[split], classes[label])))
                {
                    clips.Add(Frames(clip));
                    labels.Add(label);
                    splits.Add(split);
                }
            }
        }

        if (clips.Count == 0) throw new InvalidDataException($"{path}: expected {(hasSplits ? "train/" : "")}class/clip/frame.png, found no clip in any class");
        var data = SequenceData.Create(Source(clips, [.. labels]), classes, In(0), In(2), In(1));
        return data.TestIndices.Length > 0 ? data : data.SplitTest(TestPart, seed);

        int[] In(int split) => [.. Enumerable.Range(0, splits.Count).Where(i => splits[i] == split)];
    }

    private static ISequenceSource Source(List<string[]> clips, int[] labels)
    {
        var source = new ImageFolderSource(clips, labels);
        return source.Bytes <= MostInMemory ? source.ToMemory() : source;
    }

    private static string[] Folders(string path) => Directory.Exists(path) ? [.. Directory.GetDirectories(path).Order(StringComparer.Ordinal)] : [];

    private static string[] Frames(string clip)
    {
        string[] frames = [.. Directory.GetFiles(clip)
            .Where(file => FrameImage.Extensions.Contains(Path.GetExtension(file).ToLowerInvariant()))
            .Order(StringComparer.Ordinal)];
        return frames.Length > 0 ? frames : throw new InvalidDataException($"{clip}: expected frames ({string.Join(", ", FrameImage.Extensions)}), found none");
    }
}
