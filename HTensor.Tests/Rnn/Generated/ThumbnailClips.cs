using HTensor.Rnn;

namespace HTensor.Tests;

/// <summary>Clips of a source shrunk to grey frames of 20 x 15 (means of 8 x 8 pixels), 0 to 1, made without keeping the clips.</summary>
internal sealed class ThumbnailClips
{
    public const int Width = GeneratedVideo.Width / Block;
    public const int Height = GeneratedVideo.Height / Block;

    private const int Block = 8;

    private readonly double[][][] _clips;

    public ThumbnailClips(GeneratedVideo source)
    {
        _clips = new double[source.Count][][];
        Labels = new int[source.Count];
        var scratch = new byte[GeneratedVideo.ClipBytes];
        for (var i = 0; i < source.Count; i++)
        {
            _clips[i] = Shrink(source.Read(i, scratch).Span);
            Labels[i] = source.Label(i);
        }
    }

    public int[] Labels { get; }

    /// <summary>One clip's frames, row-major.</summary>
    public double[][] Clip(int sample) => _clips[sample];

    /// <summary>The same frame of every clip.</summary>
    public double[][] Frames(int frame) => [.. _clips.Select(clip => clip[frame])];

    private static double[][] Shrink(ReadOnlySpan<byte> clip)
    {
        var frames = new double[GeneratedVideo.Frames][];
        for (var t = 0; t < frames.Length; t++)
        {
            frames[t] = new double[Width * Height];
            var bytes = clip.Slice(t * GeneratedVideo.FrameBytes, GeneratedVideo.FrameBytes);
            for (var i = 0; i < bytes.Length; i++)
            {
                var pixel = i / GeneratedVideo.Channels;
                var (y, x) = (pixel / GeneratedVideo.Width, pixel % GeneratedVideo.Width);
                frames[t][y / Block * Width + x / Block] += bytes[i] / (255.0 * Block * Block * GeneratedVideo.Channels);
            }
        }

        return frames;
    }
}
