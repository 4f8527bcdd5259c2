using System.Runtime.CompilerServices;

namespace HTensor.Rnn;

/// <summary>A disc with a colour, a texture that it carries along, and a soft edge.</summary>
internal readonly ref struct MovingObject
{
    /// <summary>Bytes of texture that the caller lends.</summary>
    public const int TextureLength = TextureSize * TextureSize;

    // The largest object fits: 28 pixels of radius and 5 steps of growth.
    private const int TextureSize = 64;
    private const int CellShift = 3;
    private const int Cells = TextureSize >> CellShift;

    // The object is opaque where 1 - (distance / radius)^2 is above 1 / EdgeSharpness.
    private const int EdgeSharpness = 3;
    private const int EdgeShift = 16;
    private const int OpaqueShift = 8;
    private const int Opaque = 1 << OpaqueShift;
    private const int RowBytes = GeneratedVideo.Width * GeneratedVideo.Channels;

    private readonly ReadOnlySpan<sbyte> _texture;
    private readonly int _red, _green, _blue;

    [SkipLocalsInit]
    public MovingObject(Span<sbyte> texture, ref ClipRandom random)
    {
        Span<byte> lattice = stackalloc byte[Cells * Cells];
        ValueNoise.Fill(lattice, ref random);
        var noise = new ValueNoise(lattice, Cells, Cells, CellShift);
        Span<int> row = stackalloc int[TextureSize];
        for (var y = 0; y < TextureSize; y++)
        {
            row.Clear();
            noise.AddRow(y, 1, row);
            for (var x = 0; x < TextureSize; x++) texture[y * TextureSize + x] = (sbyte)((row[x] >> 2) - 32);
        }

        _texture = texture;
        (_red, _green, _blue) = (random.Between(140, 220), random.Between(140, 220), random.Between(140, 220));
    }

    /// <summary>Blends the object into a frame; centre and radius in 1/16 pixel, the centre on the torus.</summary>
    public void Paint(Span<byte> frame, int centreX, int centreY, int radius, int light)
    {
        var radiusSquared = radius * radius;
        var edge = (EdgeSharpness * Opaque << EdgeShift) / radiusSquared;
        var left = FirstPixel(centreX - radius);
        var right = FirstPixel(centreX + radius);
        var textureX = (TextureSize / 2) - FirstPixel(centreX);
        var textureY = (TextureSize / 2) - FirstPixel(centreY);
        var bottom = FirstPixel(centreY + radius);
        for (var y = FirstPixel(centreY - radius); y < bottom; y++)
        {
            var dy = y * ClipScript.SubPixels - centreY;
            var row = frame.Slice(Wrap(y, GeneratedVideo.Height) * RowBytes, RowBytes);
            var shades = _texture.Slice((y + textureY) * TextureSize, TextureSize);
            for (var x = left; x < right; x++)
            {
                var dx = x * ClipScript.SubPixels - centreX;
                var inside = radiusSquared - dx * dx - dy * dy;
                if (inside <= 0) continue;
                var opacity = Math.Min((inside * edge) >> EdgeShift, Opaque);
                var shade = shades[x + textureX];
                var pixel = row.Slice(Wrap(x, GeneratedVideo.Width) * GeneratedVideo.Channels, GeneratedVideo.Channels);
                pixel[0] = Blend(pixel[0], Light.Of(_red + shade, light), opacity);
                pixel[1] = Blend(pixel[1], Light.Of(_green + shade, light), opacity);
                pixel[2] = Blend(pixel[2], Light.Of(_blue + shade, light), opacity);
            }
        }
    }

    private static byte Blend(int under, int over, int opacity) => (byte)(under + (((over - under) * opacity) >> OpaqueShift));

    // The first whole pixel at or after a position; a shift rounds down below zero too.
    private static int FirstPixel(int position) => (position + ClipScript.SubPixels - 1) >> ClipScript.SubPixelShift;

    private static int Wrap(int pixel, int size) => pixel < 0 ? pixel + size : pixel >= size ? pixel - size : pixel;
}
