namespace HTensor.Rnn;

/// <summary>The sizes of an array of sequences: steps of a sample and the shape of a frame.</summary>
internal sealed record SequenceExtent(int Steps, int[] FrameShape)
{
    public int FrameSize { get; } = FrameSizeOf(FrameShape);

    public int SampleBytes(FrameElement element) => checked(Steps * FrameSize * SizeOf(element));

    public static int SizeOf(FrameElement element) => element == FrameElement.UInt8 ? sizeof(byte) : sizeof(float);

    public static int FrameSizeOf(IReadOnlyList<int> shape)
    {
        var size = 1;
        for (var mode = 0; mode < shape.Count; mode++) size = checked(size * shape[mode]);
        return size;
    }

    /// <exception cref="ArgumentException">A size is below 1, or the array does not hold <paramref name="valueCount"/> values.</exception>
    public static SequenceExtent Validate(
        int steps, IReadOnlyList<int> frameShape, FrameElement element, IReadOnlyList<int> labels, int valueCount)
    {
        ArgumentNullException.ThrowIfNull(frameShape);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var text = $"[{string.Join(", ", frameShape)}]";
        if (frameShape.Count == 0) throw new ArgumentException("frame shape: expected one mode or more, found []", nameof(frameShape));
        Int128 values = (Int128)labels.Count * steps;
        Int128 sampleBytes = (Int128)steps * SizeOf(element);
        foreach (var size in frameShape)
        {
            if (size < 1) throw new ArgumentException($"frame shape: expected mode sizes of 1 or more, found {text}", nameof(frameShape));
            values *= size;
            sampleBytes *= size;
            if (sampleBytes > Array.MaxLength)
                throw new ArgumentException($"a sample of {steps} frames {text}: expected at most {Array.MaxLength} bytes, found more", nameof(frameShape));
        }

        if (labels.Count == 0) throw new ArgumentException("labels: expected one sample or more, found none", nameof(labels));
        if (values != valueCount)
            throw new ArgumentException($"values: expected {values} for {labels.Count} samples of {steps} frames {text}, found {valueCount}");
        return new SequenceExtent(steps, [.. frameShape]);
    }
}
