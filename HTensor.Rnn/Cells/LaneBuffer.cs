using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>Room for activations in lanes.</summary>
internal static class LaneBuffer
{
    /// <summary>[groups * steps, rows, 16], zeros.</summary>
    public static AlignedBuffer<T> Of<T>(int groups, int steps, int rows)
        where T : unmanaged => new(checked(groups * steps * rows * LaneBlock.Width));
}
