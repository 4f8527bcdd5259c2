namespace HTensor.Kernels;

/// <summary>
/// The samples-in-lanes layout: an activation is [modes..., 16], sixteen samples innermost, always sixteen, whatever the register width.
/// Offsets of the lane kernels count blocks of sixteen elements. Samples never mix, so bits do not depend on the batch.
/// </summary>
public static class LaneBlock
{
    /// <summary>Samples in a block.</summary>
    public const int Width = 16;

    /// <summary>Blocks that hold <paramref name="samples"/> samples.</summary>
    public static int Count(int samples) => (samples + Width - 1) / Width;
}
