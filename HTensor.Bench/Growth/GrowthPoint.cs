namespace HTensor.Bench;

/// <summary>A training step's setting; each axis of growth moves one of its numbers.</summary>
internal sealed record GrowthPoint
{
    public int Batch { get; init; } = 16;

    public int Steps { get; init; } = 6;

    public int Width { get; init; } = 160;

    public int Height { get; init; } = 120;

    public int Hidden { get; init; } = 256;

    public int Rank { get; init; } = 4;

    public int Order { get; init; } = 4;

    /// <summary>Values of a frame of three channels.</summary>
    public int FrameSize => Width * Height * 3;
}
