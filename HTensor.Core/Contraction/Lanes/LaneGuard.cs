using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>The checks at the entry of a contraction over samples in lanes.</summary>
internal static class LaneGuard
{
    /// <summary>[units, entries] blocks of sixteen samples.</summary>
    public static void Blocks(int found, int units, int entries, string name)
    {
        if (found != (long)units * entries * LaneBlock.Width)
            throw new ArgumentException($"{name}: expected {units} units of {entries} blocks of {LaneBlock.Width} samples, {(long)units * entries * LaneBlock.Width} elements, found {found}", name);
    }

    /// <summary>One table for each output mode, one entry for each of its indices.</summary>
    public static void OutputOffsets(MatrixModes modes, IReadOnlyList<int[]> offsets)
    {
        var found = offsets.Select(table => table.Length).ToArray();
        if (!found.SequenceEqual(modes.Outputs))
            throw new ArgumentException($"output offsets: expected tables of {MatrixModes.Text(modes.Outputs)} entries, found {MatrixModes.Text(found)}", nameof(offsets));
    }
}
