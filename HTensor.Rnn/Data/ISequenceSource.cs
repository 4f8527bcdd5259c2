namespace HTensor.Rnn;

/// <summary>
/// Labelled sequences of frames, produced on demand. A sample is [<see cref="Steps"/>, frame shape] values, row-major, last index fastest.
/// Implementations are read from several threads at once.
/// </summary>
public interface ISequenceSource
{
    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>Steps of the longest sample; shorter ones are padded with zeros.</summary>
    int Steps { get; }

    /// <summary>Shape of one frame, for example [120, 160, 3].</summary>
    IReadOnlyList<int> FrameShape { get; }

    FrameElement Element { get; }

    /// <summary>Valid steps of a sample, 1 to <see cref="Steps"/>.</summary>
    int Length(int sample);

    /// <summary>Class of a sample.</summary>
    int Label(int sample);

    /// <summary>Where a prediction is made at every step: the first step of a sample whose prediction counts. Those before give context alone.</summary>
    int FirstPrediction(int sample) => 0;

    /// <summary>
    /// The stored bytes of one sample, <c>Steps * frame size * element size</c> of them: the source's own memory where it has it,
    /// else <paramref name="scratch"/> (of at least that many bytes), filled.
    /// </summary>
    ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch);
}
