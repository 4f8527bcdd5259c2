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

    /// <summary>The blocks of one unit, [blocks, 16], of those of all units, [units, blocks, 16].</summary>
    public static Span<T> Unit<T>(Span<T> lanes, int unit, int blocks) => lanes.Slice(unit * blocks * Width, blocks * Width);

    /// <inheritdoc cref="Unit{T}(Span{T}, int, int)"/>
    public static ReadOnlySpan<T> Unit<T>(ReadOnlySpan<T> lanes, int unit, int blocks) => lanes.Slice(unit * blocks * Width, blocks * Width);
}
