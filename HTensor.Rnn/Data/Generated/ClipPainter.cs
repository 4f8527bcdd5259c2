using System.Runtime.CompilerServices;

namespace HTensor.Rnn;

/// <summary>
/// Paints a clip: in every frame the background under that frame's light, and the object over it. All integer arithmetic; the only
/// memory beside the clip's own is some kilobytes of the stack.
/// </summary>
internal static class ClipPainter
{
    private const int Width = GeneratedVideo.Width;
    private const int Height = GeneratedVideo.Height;
    private const int Channels = GeneratedVideo.Channels;

    // Two octaves of noise, which repeat at the frame's edges as the world does.
    private const int CoarseShift = 3, CoarseColumns = Width >> CoarseShift, CoarseRows = Height >> CoarseShift;
    private const int FineShift = 2, FineColumns = Width >> FineShift, FineRows = Height >> FineShift;

    [SkipLocalsInit]
    public static void Paint(in ClipScript script, ref ClipRandom random, Span<byte> clip)
    {
        // The last frame's own place holds the background until its turn comes.
        var background = clip[^GeneratedVideo.FrameBytes..];
        PaintBackground(background, ref random);

        Span<sbyte> texture = stackalloc sbyte[MovingObject.TextureLength];
        var thing = new MovingObject(texture, ref random);
        for (var frame = 0; frame < GeneratedVideo.Frames; frame++)
        {
            var target = clip.Slice(frame * GeneratedVideo.FrameBytes, GeneratedVideo.FrameBytes);
            Light.Apply(background, script.Light(frame), target);
            thing.Paint(target, script.X(frame), script.Y(frame), script.Radius(frame), script.Light(frame));
        }
    }

    [SkipLocalsInit]
    private static void PaintBackground(Span<byte> frame, ref ClipRandom random)
    {
        Span<byte> coarseLattice = stackalloc byte[CoarseColumns * CoarseRows];
        Span<byte> fineLattice = stackalloc byte[FineColumns * FineRows];
        ValueNoise.Fill(coarseLattice, ref random);
        ValueNoise.Fill(fineLattice, ref random);
        var coarse = new ValueNoise(coarseLattice, CoarseColumns, CoarseRows, CoarseShift);
        var fine = new ValueNoise(fineLattice, FineColumns, FineRows, FineShift);
        var (red, green, blue) = (random.Between(20, 70), random.Between(20, 70), random.Between(20, 70));
        Span<int> noise = stackalloc int[Width];
        for (var y = 0; y < Height; y++)
        {
            noise.Clear();
            coarse.AddRow(y, 3, noise);
            fine.AddRow(y, 1, noise);
            var row = frame.Slice(y * Width * Channels, Width * Channels);
            for (var x = 0; x < Width; x++)
            {
                var shade = noise[x] >> 4;
                var pixel = row.Slice(x * Channels, Channels);
                pixel[0] = (byte)(red + shade);
                pixel[1] = (byte)(green + shade);
                pixel[2] = (byte)(blue + shade);
            }
        }
    }
}
