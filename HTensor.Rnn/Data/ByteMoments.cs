namespace HTensor.Rnn;

/// <summary>
/// Mean and deviation of bytes by channel: integer sums S1 = sum x, S2 = sum x^2; deviation^2 = (n S2 - S1^2) / n^2, exact up to the
/// division.
/// </summary>
internal static class ByteMoments
{
    public static (double[] Mean, double[] Deviation) Of(ISequenceSource source, ReadOnlySpan<int> samples)
    {
        var channels = FrameScaling.ChannelsOf(source.FrameShape);
        var frameSize = SequenceExtent.FrameSizeOf(source.FrameShape);
        var scratch = new byte[source.Steps * frameSize];
        var sums = new ulong[channels];
        var squares = new ulong[channels];
        ulong frames = 0;
        foreach (var sample in samples)
        {
            var length = source.Length(sample);
            frames += (ulong)length;
            var values = source.Read(sample, scratch).Span[..(length * frameSize)];
            for (var c = 0; c < channels; c++) Add(values, c, channels, ref sums[c], ref squares[c]);
        }

        return Moments(sums, squares, frames * (ulong)(frameSize / channels));
    }

    private static void Add(ReadOnlySpan<byte> values, int first, int stride, ref ulong sum, ref ulong square)
    {
        ulong s1 = 0, s2 = 0;
        for (var i = first; i < values.Length; i += stride)
        {
            uint value = values[i];
            s1 += value;
            s2 += value * value;
        }

        sum += s1;
        square += s2;
    }

    private static (double[] Mean, double[] Deviation) Moments(ulong[] sums, ulong[] squares, ulong count)
    {
        var mean = new double[sums.Length];
        var deviation = new double[sums.Length];
        for (var c = 0; c < sums.Length; c++)
        {
            mean[c] = sums[c] / (double)count;
            var numerator = (UInt128)count * squares[c] - (UInt128)sums[c] * sums[c];
            deviation[c] = Math.Sqrt((double)numerator) / count;
        }

        return (mean, deviation);
    }
}
