using System.Runtime.CompilerServices;

namespace HTensor.Rnn;

/// <summary>
/// Where the object of one clip is, how large it is and how much light falls, frame by frame. Positions are in 1/16 pixel on a torus of
/// 160 x 120 pixels. The first place (or an orbit's centre) is uniform on the torus, and size and light know nothing of the class, so
/// every single frame has the same distribution in every class: only the change from frame to frame tells them apart.
/// </summary>
internal readonly struct ClipScript
{
    public const int SubPixelShift = 4;
    public const int SubPixels = 1 << SubPixelShift;
    public const int TorusWidth = GeneratedVideo.Width * SubPixels;
    public const int TorusHeight = GeneratedVideo.Height * SubPixels;

    private readonly FrameValues _x, _y, _radius, _light;

    public ClipScript(MotionClass motion, ref ClipRandom random)
    {
        var x = random.Between(0, TorusWidth - 1);
        var y = random.Between(0, TorusHeight - 1);
        var speed = random.Between(11 * SubPixels, 16 * SubPixels);
        var phase = random.Between(0, BinaryAngle.Turn - 1);
        var turn = random.Between(BinaryAngle.Turn / 6, BinaryAngle.Turn / 5);
        var radius = random.Between(20 * SubPixels, 28 * SubPixels);
        var light = random.Between(Rnn.Light.Unit * 85 / 100, Rnn.Light.Unit * 115 / 100);
        for (var frame = 0; frame < GeneratedVideo.Frames; frame++)
        {
            var (dx, dy) = Displacement(motion, frame, speed, phase, turn);
            _x[frame] = Wrap(x + dx, TorusWidth);
            _y[frame] = Wrap(y + dy, TorusHeight);
            _radius[frame] = radius;
            _light[frame] = light;
            radius += random.Between(-SubPixels * 3 / 4, SubPixels * 3 / 4);
            light += random.Between(-4, 4);
        }
    }

    public int X(int frame) => _x[frame];

    public int Y(int frame) => _y[frame];

    public int Radius(int frame) => _radius[frame];

    public int Light(int frame) => _light[frame];

    private static (int X, int Y) Displacement(MotionClass motion, int frame, int speed, int phase, int turn)
    {
        if (motion == MotionClass.Still) return (0, 0);
        if (motion <= MotionClass.NorthEast) return Polar(speed * frame, (int)motion * (BinaryAngle.Turn / 8));

        // The radius whose chord, from one frame to the next, is the speed: 2 radius sin(turn / 2) = speed.
        var orbit = speed * BinaryAngle.One / (2 * BinaryAngle.Sin(turn / 2));
        return Polar(orbit, motion == MotionClass.Clockwise ? phase + turn * frame : phase - turn * frame);
    }

    // Rows grow downwards, so a growing angle turns clockwise on the screen.
    private static (int X, int Y) Polar(int length, int angle) =>
        ((length * BinaryAngle.Cos(angle)) >> BinaryAngle.Shift, (length * BinaryAngle.Sin(angle)) >> BinaryAngle.Shift);

    private static int Wrap(int value, int size)
    {
        var rest = value % size;
        return rest < 0 ? rest + size : rest;
    }

    [InlineArray(GeneratedVideo.Frames)]
    private struct FrameValues
    {
        private int _first;
    }
}
