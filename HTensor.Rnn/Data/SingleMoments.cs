using System.Runtime.InteropServices;

namespace HTensor.Rnn;

/// <summary>Mean and deviation of floats by channel, in two passes; a sample's sum in double first, then the samples' in their order.</summary>
internal static class SingleMoments
{
    public static (double[] Mean, double[] Deviation) Of(ISequenceSource source, ReadOnlySpan<int> samples)
    {
        var channels = FrameScaling.ChannelsOf(source.FrameShape);
        var frameSize = SequenceExtent.FrameSizeOf(source.FrameShape);
        var scratch = new byte[source.Steps * frameSize * sizeof(float)];
        var mean = new double[channels];
        var deviation = new double[channels];
        double count = 0;
        foreach (var sample in samples)
        {
            var values = Valid(source, sample, scratch, frameSize);
            count += values.Length / channels;
            for (var c = 0; c < channels; c++) mean[c] += Sum(values, c, channels);
        }

        for (var c = 0; c < channels; c++) mean[c] /= count;
        foreach (var sample in samples)
        {
            var values = Valid(source, sample, scratch, frameSize);
            for (var c = 0; c < channels; c++) deviation[c] += SumOfSquares(values, c, channels, mean[c]);
        }

        for (var c = 0; c < channels; c++) deviation[c] = Math.Sqrt(deviation[c] / count);
        return (mean, deviation);
    }

    private static ReadOnlySpan<float> Valid(ISequenceSource source, int sample, byte[] scratch, int frameSize) =>
        MemoryMarshal.Cast<byte, float>(source.Read(sample, scratch).Span)[..(source.Length(sample) * frameSize)];

    private static double Sum(ReadOnlySpan<float> values, int first, int stride)
    {
        double sum = 0;
        for (var i = first; i < values.Length; i += stride) sum += values[i];
        return sum;
    }

    private static double SumOfSquares(ReadOnlySpan<float> values, int first, int stride, double center)
    {
        double sum = 0;
        for (var i = first; i < values.Length; i += stride)
        {
            var distance = values[i] - center;
            sum += distance * distance;
        }

        return sum;
    }
}
