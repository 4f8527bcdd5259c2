using System.Numerics;

namespace HTensor.Rnn;

/// <summary>
/// Frames scaled as (x - mean) / deviation, by one mean and deviation a channel. Images [height, width, channels] (three modes) have
/// the channels of their last mode; frames of any other shape have one channel for all values. Value i of a frame is of channel
/// i mod <see cref="Channels"/>.
/// </summary>
public sealed class FrameScaling
{
    /// <summary>Scaling by numbers that were stored; both arrays are kept.</summary>
    /// <exception cref="ArgumentException">The lengths differ or are 0, a mean is not finite, or a deviation is not finite and above 0.</exception>
    public FrameScaling(float[] mean, float[] deviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        if (mean.Length == 0 || mean.Length != deviation.Length)
            throw new ArgumentException($"scaling: expected as many means as deviations, one or more, found {mean.Length} and {deviation.Length}", nameof(mean));
        for (var c = 0; c < mean.Length; c++)
        {
            if (!float.IsFinite(mean[c]))
                throw new ArgumentException($"mean of channel {c}: expected a finite number, found {mean[c]}", nameof(mean));
            if (!float.IsFinite(deviation[c]) || deviation[c] <= 0)
                throw new ArgumentException($"deviation of channel {c}: expected a finite number above 0, found {deviation[c]}", nameof(deviation));
        }

        Mean = mean;
        Deviation = deviation;
    }

    /// <summary>[channels]</summary>
    public float[] Mean { get; }

    /// <summary>[channels], above 0.</summary>
    public float[] Deviation { get; }

    public int Channels => Mean.Length;

    /// <summary>(x - mean) / deviation of each channel as one fused multiply-add, scale x + shift.</summary>
    internal (T[] Scale, T[] Shift) Coefficients<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ([.. Deviation.Select(deviation => T.CreateChecked(1.0 / deviation))], [.. Mean.Zip(Deviation, (mean, deviation) => T.CreateChecked(-(double)mean / deviation))]);

    /// <summary>Channels of frames of a shape: the last of three modes, else 1.</summary>
    public static int ChannelsOf(IReadOnlyList<int> frameShape)
    {
        ArgumentNullException.ThrowIfNull(frameShape);
        return frameShape.Count == 3 ? frameShape[2] : 1;
    }

    /// <summary>
    /// mean = sum x / n and deviation^2 = sum (x - mean)^2 / n over the valid steps of some samples: exact integer sums for bytes, double
    /// sums in the order of the samples for floats, so the same bits always. A channel whose deviation is 0, or below a millionth of its mean,
    /// is constant but for rounding: its deviation is 1. Reads every sample once, floats twice.
    /// </summary>
    /// <exception cref="ArgumentException">No sample is given, or one is out of range.</exception>
    /// <exception cref="InvalidDataException">Values are not finite.</exception>
    public static FrameScaling Measure(ISequenceSource source, ReadOnlySpan<int> samples) => Measure(source, samples, StepInput.Frame);

    /// <summary>The same, but that where differences are read the deviation is theirs.</summary>
    internal static FrameScaling Measure(ISequenceSource source, ReadOnlySpan<int> samples, StepInput input)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (samples.IsEmpty) throw new ArgumentException("scaling: expected one sample or more, found none", nameof(samples));
        foreach (var sample in samples)
            if ((uint)sample >= (uint)source.Count)
                throw new ArgumentException($"scaling: expected samples 0 to {source.Count - 1}, found {sample}", nameof(samples));
        var (mean, deviation) = source.Element == FrameElement.UInt8 ? ByteMoments.Of(source, samples) : SingleMoments.Of(source, samples);
        if (input == StepInput.Difference && DifferenceDeviation.Of(source, samples) is { } differences) deviation = differences;
        var means = new float[mean.Length];
        var deviations = new float[mean.Length];
        for (var c = 0; c < mean.Length; c++)
        {
            means[c] = (float)mean[c];
            deviations[c] = Floor(input == StepInput.Frame ? mean[c] : 0, deviation[c]);
            if (!float.IsFinite(means[c]) || !float.IsFinite(deviations[c]))
                throw new InvalidDataException($"scaling: channel {c}: expected finite values, found mean {mean[c]}, deviation {deviation[c]}");
        }

        return new FrameScaling(means, deviations);
    }

    private static float Floor(double mean, double deviation)
    {
        const double constant = 1e-6;
        var rounded = (float)deviation;
        return deviation <= constant * Math.Abs(mean) || rounded == 0 ? 1 : rounded;
    }
}
