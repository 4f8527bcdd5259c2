using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Rows or columns of a register tile, as the size of a type: the compiler drops what a tile does not have before it takes it in; of a property it would know
/// afterwards, at the cost of its budget (see <see cref="Compile"/>).
/// </summary>
internal static class TileCounts
{
    /// <summary>How many of so many rows tiles of four take, or of three: then two and two remain rather than one, which would wait for its own sums.</summary>
    public static nuint Most(nuint rows, bool manyRegisters) =>
        manyRegisters ? rows / 4 * 4 : rows < 3 ? 0 : rows - rows % 3 - (rows % 3 == 1 ? 3u : 0);
}

[InlineArray(1)]
internal struct One
{
    private byte _first;
}

[InlineArray(2)]
internal struct Two
{
    private byte _first;
}

[InlineArray(3)]
internal struct Three
{
    private byte _first;
}

[InlineArray(4)]
internal struct Four
{
    private byte _first;
}

[InlineArray(8)]
internal struct Eight
{
    private byte _first;
}

[InlineArray(16)]
internal struct Sixteen
{
    private byte _first;
}
