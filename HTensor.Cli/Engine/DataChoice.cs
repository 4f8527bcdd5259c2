using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>Which sequences a verb works on: those of a file, or the generated video, in the size that was asked for.</summary>
/// <param name="Path">A file or folder; null for the generated video.</param>
/// <param name="Resize">Null: as they are.</param>
/// <param name="Seed">Of the generated video, and of the test samples that data without a split gets.</param>
/// <param name="Task">What is to be predicted: each has its own kind of file.</param>
/// <param name="Window">Predictions of a window of symbols; null: the default.</param>
/// <param name="Streams">Streams of symbols and the steps of their windows, where back-propagation is truncated; null: windows that stand alone.</param>
internal sealed record DataChoice(string? Path, FrameSize? Resize, ulong Seed, SequenceTask Task = SequenceTask.Class, int? Window = null, (int Count, int Steps)? Streams = null)
{
    private const int DefaultWindow = 128;

    /// <summary>The data in words.</summary>
    public string Name => (Path is null ? DefaultVideo.Name : System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path))) + (Resize is { } size ? $" at {size}" : "");

    /// <exception cref="InvalidDataException">The file holds no such data.</exception>
    /// <exception cref="ArgumentException">Its frames cannot be resized.</exception>
    public SequenceData Load(DefaultVideo video)
    {
        if (Path is null && Task != SequenceTask.Class) throw new RequestException($"DATA: expected a file for --task {TaskChoice.Name(Task)}, found none");
        var data = Path is null ? video.Clips(Seed) : Task switch
        {
            SequenceTask.NextNotes => SequenceData.LoadNotes(Path, Window),
            SequenceTask.NextSymbol => Streams is { } streams ? SequenceData.LoadSymbolStreams(Path, streams.Count, streams.Steps) : SequenceData.LoadSymbols(Path, Window ?? DefaultWindow),
            SequenceTask.Regression => SequenceData.LoadNumbers(Path),
            _ => DataFiles.Load(Path, Seed),
        };
        return Resize is null ? data : data.WithSource(Resized(data.Source));
    }

    /// <summary>The sequences of the file alone: labels and split are not needed.</summary>
    /// <exception cref="InvalidDataException">The file holds no sequences.</exception>
    /// <exception cref="ArgumentException">Its frames cannot be resized.</exception>
    public ISequenceSource LoadSource() => Resized(Task switch
    {
        SequenceTask.NextNotes => SequenceData.LoadNotes(Path!).Source,
        SequenceTask.NextSymbol => SequenceData.LoadSymbols(Path!, Window ?? DefaultWindow).Source,
        _ => DataFiles.LoadSource(Path!),
    });

    private ISequenceSource Resized(ISequenceSource source) => Resize is { } size ? new ResizedSource(source, size.Height, size.Width) : source;
}
