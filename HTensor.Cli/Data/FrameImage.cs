using StbImageSharp;

namespace HTensor.Cli;

/// <summary>A PNG or JPEG file as bytes [height, width] or [height, width, 3].</summary>
internal static class FrameImage
{
    public static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];

    private const long MostPixels = 1 << 26;

    /// <summary>[height, width, 3] of an image with colours, else [height, width]. Reads no more than the head of the file.</summary>
    /// <exception cref="InvalidDataException">It is no such image.</exception>
    public static int[] ShapeOf(string path) => OrFault(path, stream =>
    {
        if (ImageInfo.FromStream(stream) is not { } info) throw new InvalidDataException($"{path}: expected a PNG or JPEG image, found another file");
        if ((long)info.Width * info.Height > MostPixels) throw new InvalidDataException($"{path}: expected at most {MostPixels} pixels, found {info.Width}x{info.Height}");
        return info.ColorComponents is ColorComponents.Grey or ColorComponents.GreyAlpha ? [info.Height, info.Width] : (int[])[info.Height, info.Width, 3];
    });

    /// <summary>Fills a frame of a shape; grey and colour are brought into each other, sizes are not.</summary>
    /// <exception cref="InvalidDataException">It is no such image, or of another size.</exception>
    public static void Read(string path, IReadOnlyList<int> shape, Span<byte> frame)
    {
        var found = ShapeOf(path);
        if (found[0] != shape[0] || found[1] != shape[1])
            throw new InvalidDataException($"{path}: expected {shape[1]}x{shape[0]} pixels, as the first frame has, found {found[1]}x{found[0]}");
        OrFault(path, stream => ImageResult.FromStream(stream, shape.Count == 3 ? ColorComponents.RedGreenBlue : ColorComponents.Grey).Data).CopyTo(frame);
    }

    private static T OrFault<T>(string path, Func<Stream, T> read)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return read(stream);
        }
        catch (Exception exception) when (exception is not (InvalidDataException or OutOfMemoryException))
        {
            throw new InvalidDataException($"{path}: expected a whole PNG or JPEG image, found a fault in it ({OneLine.Of(exception)})", exception);
        }
    }
}
