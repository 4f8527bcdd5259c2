namespace HTensor.Bench;

/// <summary>What grows, its values, and what theory says of the time.</summary>
internal sealed record GrowthAxis(string Name, string Expectation, IReadOnlyList<(double Value, GrowthPoint Point)> Points)
{
    public static IReadOnlyList<GrowthAxis> All { get; } =
    [
        Of("batch", "Straight: every product runs once a sample. Below 16 samples the lanes of a block stand empty, so the cost does not fall.",
            [4, 16, 32, 64, 128], batch => new GrowthPoint { Batch = batch }),
        Of("steps", "Straight: frames are independent but for the recurrent product.", [2, 4, 8, 16, 32], steps => new GrowthPoint { Steps = steps }),
        Of("frame values", "Straight where the first products dominate; a fixed part, the recurrent product and its optimizer, shows in small frames. Dense stops where its weights, gradients and moments pass 8 GB.",
            [(40, 30), (80, 60), (160, 120), (320, 240), (640, 480), (1280, 720), (1920, 1080)]),
        Of("hidden units", "The recurrent matrix is dense here: its products grow with the square and bend every line upwards.",
            [64, 128, 256, 512, 1024], hidden => new GrowthPoint { Hidden = hidden }),
        Of("rank", "By the plan: products over a bond grow with the rank to the first to third power; dense has none.",
            [1, 2, 4, 6, 8], rank => new GrowthPoint { Rank = rank }),
        Of("order", "More modes make smaller cores and fewer multiply-adds, until products are too small to fill the registers.",
            [2, 3, 4, 5, 6], order => new GrowthPoint { Order = order }),
    ];

    private static GrowthAxis Of(string name, string expectation, int[] values, Func<int, GrowthPoint> at) =>
        new(name, expectation, [.. values.Select(value => ((double)value, at(value)))]);

    private static GrowthAxis Of(string name, string expectation, (int Width, int Height)[] sizes) =>
        new(name, expectation, [.. sizes.Select(size => new GrowthPoint { Width = size.Width, Height = size.Height }).Select(point => ((double)point.FrameSize, point))]);
}
