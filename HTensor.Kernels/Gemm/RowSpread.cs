using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// Whether rows can be read where they lie: those whose stride is near a multiple of 4 KB fall into the same few sets of a first-level cache and
/// put each other out of it, so that packing pays. A choice of speed only.
/// </summary>
internal static class RowSpread
{
    private const int LineBits = 6;
    private const int Sets = 64;

    /// <summary>How many of the sets the first elements of the rows fall into.</summary>
    public static int Of(nint strideBytes, int rows)
    {
        ulong sets = 0;
        for (nint r = 0, at = 0; r < rows; r++, at += strideBytes) sets |= 1ul << (int)((at >> LineBits) % Sets);
        return BitOperations.PopCount(sets);
    }
}
