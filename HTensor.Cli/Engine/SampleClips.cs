using System.Runtime.InteropServices;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>Some test samples with what a model says of them: first right ones of different classes, then those that it is most wrong about.</summary>
internal static class SampleClips
{
    private const int OfEach = 4;
    private const int Predictions = 3;
    private const int MostFrames = 12;
    private const int MostPixels = 96;

    public static IReadOnlyList<SampleClip> Choose(SequenceClassifier model, SequenceData data, int threads)
    {
        var classes = model.Options.Classes;
        var probabilities = model.Predict(data.Test, threads);
        var all = data.TestIndices.Select((sample, row) => (Sample: sample, Label: data.Source.Label(sample), Row: probabilities.AsSpan(row * classes.Count, classes.Count).ToArray())).ToArray();
        var right = all.Where(clip => Best(clip.Row) == clip.Label).DistinctBy(clip => clip.Label).Take(OfEach);
        var wrong = all.Where(clip => Best(clip.Row) != clip.Label).OrderByDescending(clip => clip.Row.Max()).Take(OfEach);
        return [.. right.Concat(wrong).Select(clip => new SampleClip(clip.Sample, classes[clip.Label], Named(clip.Row, classes), Frames(data.Source, clip.Sample)))];
    }

    private static int Best(float[] row) => Array.IndexOf(row, row.Max());

    private static (string, double)[] Named(float[] row, IReadOnlyList<string> classes) =>
        [.. row.Select((probability, label) => (classes[label], (double)probability)).OrderByDescending(pair => pair.Item2).Take(Predictions)];

    private static byte[][] Frames(ISequenceSource source, int sample)
    {
        var (shape, length) = (source.FrameShape, source.Length(sample));
        var size = shape.Aggregate(1, (product, mode) => product * mode);
        var elementSize = source.Element == FrameElement.UInt8 ? 1 : sizeof(float);
        var stored = source.Read(sample, new byte[source.Steps * size * elementSize]).Span[..(length * size * elementSize)];
        var bytes = source.Element == FrameElement.UInt8 ? stored.ToArray() : Gray(MemoryMarshal.Cast<byte, float>(stored));
        if (shape is [_, _] or [_, _, 1 or 3])
        {
            var (h, w, channels) = (shape[0], shape[1], shape.Count == 3 ? shape[2] : 1);
            var every = Math.Max(1, (length + MostFrames - 1) / MostFrames);
            return [.. Enumerable.Range(0, length).Where(step => step % every == 0).Select(step => Small(bytes.AsSpan(step * size, size), h, w, channels))];
        }

        // Values upwards, time to the right.
        var image = new byte[bytes.Length];
        for (var i = 0; i < bytes.Length; i++) image[(size - 1 - i % size) * length + i / size] = bytes[i];
        return [PngImage.Encode(image, length, size, 1)];
    }

    /// <summary>Every so many pixels, so that a report stays small.</summary>
    private static byte[] Small(ReadOnlySpan<byte> frame, int height, int width, int channels)
    {
        var step = Math.Max(1, (Math.Max(height, width) + MostPixels - 1) / MostPixels);
        var (h, w) = ((height + step - 1) / step, (width + step - 1) / step);
        var pixels = new byte[h * w * channels];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = frame[((i / (w * channels) * step * width) + (i / channels % w * step)) * channels + i % channels];
        return PngImage.Encode(pixels, w, h, channels);
    }

    private static byte[] Gray(ReadOnlySpan<float> values)
    {
        var (least, most) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values) (least, most) = (Math.Min(least, value), Math.Max(most, value));
        var scale = most > least ? byte.MaxValue / (most - least) : 0;
        var gray = new byte[values.Length];
        for (var i = 0; i < gray.Length; i++) gray[i] = (byte)((values[i] - least) * scale);
        return gray;
    }
}
