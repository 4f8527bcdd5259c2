using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>
/// Sequences of whatever kind of file or folder a DATA argument names: .npz, a folder of .npy, .csv, or a folder of images by class. Frames of
/// more than a gigabyte in .npy, or in an .npz of that size, stay in their file.
/// </summary>
internal static class DataFiles
{
    public const string Kinds = ".npz, .csv, a folder of .npy, or a folder of images, class/clip/frame.png";

    private const long MostInMemory = 1L << 30;

    /// <param name="path">The file or folder.</param>
    /// <param name="seed">Chooses the test samples where the data does not.</param>
    /// <exception cref="InvalidDataException">It holds no such data.</exception>
    public static SequenceData Load(string path, ulong seed)
    {
        if (IsCsv(path)) return SequenceData.LoadCsv(path, seed);
        return IsImages(path) ? ImageFolder.Load(path, seed) : SequenceData.Load(path, Storage(path));
    }

    /// <summary>The sequences alone.</summary>
    /// <exception cref="InvalidDataException">It holds no sequences.</exception>
    public static ISequenceSource LoadSource(string path) =>
        IsCsv(path) || IsImages(path) ? Load(path, seed: 1).Source : SequenceData.LoadSource(path, Storage(path));

    private static bool IsCsv(string path) => Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);

    private static bool IsImages(string path) => Directory.Exists(path) && !File.Exists(Frames(path));

    private static FrameStorage Storage(string path) =>
        new FileInfo(Directory.Exists(path) ? Frames(path) : path).Length > MostInMemory ? FrameStorage.Mapped : FrameStorage.Memory;

    private static string Frames(string folder) => Path.Combine(folder, "x.npy");
}
