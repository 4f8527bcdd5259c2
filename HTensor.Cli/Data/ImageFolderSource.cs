using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>Clips whose frames are image files, decoded when they are read: nothing of them is kept.</summary>
internal sealed class ImageFolderSource : ISequenceSource
{
    private readonly IReadOnlyList<string[]> _clips;
    private readonly int[] _labels;
    private readonly int _frameBytes;

    /// <param name="clips">Files of each clip's frames, in order.</param>
    /// <param name="labels">Class of each clip.</param>
    public ImageFolderSource(IReadOnlyList<string[]> clips, int[] labels)
    {
        (_clips, _labels, Steps) = (clips, labels, clips.Max(clip => clip.Length));
        var shape = FrameImage.ShapeOf(clips[0][0]);
        FrameShape = Array.AsReadOnly(shape);
        _frameBytes = shape.Aggregate(1, (product, size) => checked(product * size));
        if ((long)Steps * _frameBytes > Array.MaxLength) throw new InvalidDataException($"{clips[0][0]}: expected at most {Array.MaxLength} bytes a clip, found {Steps} frames of {_frameBytes}");
    }

    public int Count => _clips.Count;

    public int Steps { get; }

    public IReadOnlyList<int> FrameShape { get; }

    public FrameElement Element => FrameElement.UInt8;

    /// <summary>Bytes of all clips decoded, padding included.</summary>
    public long Bytes => (long)Count * Steps * _frameBytes;

    public int Length(int sample) => _clips[sample].Length;

    public int Label(int sample) => _labels[sample];

    public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch)
    {
        var files = _clips[sample];
        var bytes = scratch.Span;
        for (var step = 0; step < files.Length; step++) FrameImage.Read(files[step], FrameShape, bytes.Slice(step * _frameBytes, _frameBytes));
        bytes[(files.Length * _frameBytes)..(Steps * _frameBytes)].Clear();
        return scratch[..(Steps * _frameBytes)];
    }

    /// <summary>All clips decoded at once, which finds every broken file.</summary>
    public ArraySequenceSource ToMemory()
    {
        var clip = Steps * _frameBytes;
        var values = new byte[Bytes];
        var fault = new InvalidDataException?[Count];
        Parallel.For(0, Count, sample =>
        {
            try
            {
                Read(sample, values.AsMemory(sample * clip, clip));
            }
            catch (InvalidDataException exception)
            {
                fault[sample] = exception;
            }
        });
        if (Array.Find(fault, found => found is not null) is { } first) throw first;
        return ArraySequenceSource.FromBytes(values, Steps, FrameShape, _labels, [.. _clips.Select(files => files.Length)]);
    }
}
