using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>Which sequences a verb works on: those of a file, or the generated video, in the size that was asked for.</summary>
/// <param name="Path">A file; null for the generated video.</param>
/// <param name="Resize">Null: as they are.</param>
/// <param name="Seed">Of the generated video.</param>
/// <param name="Task">What is to be predicted: each has its own kind of file.</param>
/// <param name="Window">Predictions of a window of symbols; null: the default.</param>
internal sealed record DataChoice(string? Path, FrameSize? Resize, ulong Seed, SequenceTask Task = SequenceTask.Class, int? Window = null)
{
    private const int DefaultWindow = 128;

    /// <summary>The data in words.</summary>
    public string Name => (Path is null ? DefaultVideo.Name : System.IO.Path.GetFileName(Path)) + (Resize is { } size ? $" at {size}" : "");

    /// <exception cref="InvalidDataException">The file holds no such data.</exception>
    /// <exception cref="ArgumentException">Its frames cannot be resized.</exception>
    public SequenceData Load(DefaultVideo video)
    {
        if (Path is null && Task != SequenceTask.Class) throw new RequestException($"DATA: expected a file for --task {TaskChoice.Name(Task)}, found none");
        var data = Path is null ? video.Clips(Seed) : Task switch
        {
            SequenceTask.NextNotes => SequenceData.LoadNotes(Path),
            SequenceTask.NextSymbol => SequenceData.LoadSymbols(Path, Window ?? DefaultWindow),
            SequenceTask.Regression => SequenceData.LoadNumbers(Path),
            _ => SequenceData.Load(Path),
        };
        return Resize is { } size ? data.WithSource(new ResizedSource(data.Source, size.Height, size.Width)) : data;
    }
}
