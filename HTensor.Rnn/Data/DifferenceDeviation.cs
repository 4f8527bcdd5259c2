using System.Runtime.InteropServices;

namespace HTensor.Rnn;

/// <summary>Root mean square by channel of what changes from a step to the next, over the valid steps: exact integer sums of bytes; of floats double sums in the samples' order.</summary>
internal static class DifferenceDeviation
{
    /// <returns>Null where no sample has two steps.</returns>
    public static double[]? Of(ISequenceSource source, ReadOnlySpan<int> samples)
    {
        var (channels, frameSize) = (FrameScaling.ChannelsOf(source.FrameShape), SequenceExtent.FrameSizeOf(source.FrameShape));
        var scratch = new byte[checked(source.Steps * frameSize * SequenceExtent.SizeOf(source.Element))];
        var squares = new double[channels];
        var count = 0.0;
        foreach (var sample in samples)
        {
            var values = source.Read(sample, scratch).Span[..(source.Length(sample) * frameSize * SequenceExtent.SizeOf(source.Element))];
            count += (source.Length(sample) - 1.0) * frameSize / channels;
            for (var c = 0; c < channels; c++)
                squares[c] += source.Element == FrameElement.UInt8 ? Bytes(values, c, channels, frameSize) : Singles(MemoryMarshal.Cast<byte, float>(values), c, channels, frameSize);
        }

        return count == 0 ? null : [.. squares.Select(square => Math.Sqrt(square / count))];
    }

    private static double Bytes(ReadOnlySpan<byte> values, int first, int stride, int frameSize)
    {
        long sum = 0;
        for (var i = frameSize + first; i < values.Length; i += stride)
        {
            var difference = values[i] - values[i - frameSize];
            sum += difference * difference;
        }

        return sum;
    }

    private static double Singles(ReadOnlySpan<float> values, int first, int stride, int frameSize)
    {
        var sum = 0.0;
        for (var i = frameSize + first; i < values.Length; i += stride)
        {
            var difference = (double)values[i] - values[i - frameSize];
            sum += difference * difference;
        }

        return sum;
    }
}
