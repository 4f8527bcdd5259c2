namespace HTensor.Rnn;

/// <summary>
/// The built-in data set: clips [6, 120, 160, 3] of RGB bytes, a bright object that moves in one of 11 ways over a textured background,
/// under changing light and size. The world wraps around at its edges and the object starts anywhere in it, so a single frame tells
/// nothing of the class. A clip is a function of (seed, its number) alone, in integer arithmetic: the same bits on every machine, in any
/// order, on any thread. Nothing is kept: a clip is painted into the caller's scratch each time it is read.
/// </summary>
public sealed class GeneratedVideo : ISequenceSource
{
    public const int Width = 160;
    public const int Height = 120;
    public const int Channels = 3;
    public const int Frames = 6;
    public const int FrameBytes = Width * Height * Channels;
    public const int ClipBytes = FrameBytes * Frames;

    // Test clips are numbered from here, so that they are the same ones however many clips one trains on.
    private const long FirstTestClip = 1L << 32;

    private static readonly int[] Shape = [Height, Width, Channels];
    private static readonly string[] Names =
        ["east", "south-east", "south", "south-west", "west", "north-west", "north", "north-east", "still", "clockwise", "anticlockwise"];

    private readonly ulong _seed;
    private readonly long _first;

    /// <summary>Clips 0 to <paramref name="count"/> - 1 of <paramref name="seed"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public GeneratedVideo(ulong seed, int count)
        : this(seed, 0, count)
    {
    }

    private GeneratedVideo(ulong seed, long first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _seed = seed;
        _first = first;
        Count = count;
    }

    /// <summary>The classes' names, in the order of <see cref="MotionClass"/>.</summary>
    public static IReadOnlyList<string> ClassNames => Names;

    public int Count { get; }

    public int Steps => Frames;

    public IReadOnlyList<int> FrameShape => Shape;

    public FrameElement Element => FrameElement.UInt8;

    /// <summary>
    /// Training and test clips of one seed, with no clip in common. The test clips do not depend on <paramref name="trainCount"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1.</exception>
    public static (GeneratedVideo Train, GeneratedVideo Test) Split(ulong seed, int trainCount, int testCount) =>
        (new(seed, 0, trainCount), new(seed, FirstTestClip, testCount));

    public int Length(int sample)
    {
        Validate(sample);
        return Frames;
    }

    public int Label(int sample)
    {
        Validate(sample);
        return (int)Motion(sample);
    }

    public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch)
    {
        Validate(sample);
        if (scratch.Length < ClipBytes)
            throw new ArgumentException($"scratch of a clip: expected at least {ClipBytes} bytes, found {scratch.Length}", nameof(scratch));

        var clip = scratch[..ClipBytes];
        var random = new ClipRandom(_seed, (ulong)(_first + sample));
        var script = new ClipScript(Motion(sample), ref random);
        ClipPainter.Paint(script, ref random, clip.Span);
        return clip;
    }

    // Consecutive clips go round the classes, so that any range of them is balanced.
    private MotionClass Motion(int sample) => (MotionClass)((_first + sample) % Names.Length);

    private void Validate(int sample)
    {
        if ((uint)sample >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(sample), $"sample: expected 0 to {Count - 1}, found {sample}");
    }
}
