using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>Where blocks of lanes stand among the modes outside them.</summary>
internal enum SampleBlocks
{
    Innermost,
    Outermost,
}

/// <summary>
/// How the activation of one sample lies in memory: some of its modes in the sixteen lanes of blocks, padded to whole blocks, the others
/// outside, row-major. Blocks stand innermost, so that the lanes of one outer index are one run; or, where a transposition writes them, outermost.
/// </summary>
internal sealed class SampleLayout
{
    /// <summary>Stands for the blocks among the modes of <see cref="Blocks"/>.</summary>
    public const int BlockMode = -1;

    private readonly Func<int, int> _size;

    public SampleLayout(IReadOnlyList<int> outer, IReadOnlyList<int> lanes, Func<int, int> size, SampleBlocks blocks = SampleBlocks.Innermost)
    {
        (Outer, Lanes, _size) = ([.. outer], [.. lanes], size);
        LaneCount = Volume(Lanes);
        BlockCount = LaneBlock.Count(LaneCount);
        Blocks = new ModeLayout(blocks == SampleBlocks.Outermost ? [BlockMode, .. Outer] : [.. Outer, BlockMode], SizeOf);
        Length = checked(Blocks.Length * LaneBlock.Width);
    }

    public int[] Outer { get; }

    /// <summary>Modes in the lanes, the last fastest.</summary>
    public int[] Lanes { get; }

    public int LaneCount { get; }

    public int BlockCount { get; }

    /// <summary>Elements, padding included.</summary>
    public int Length { get; }

    /// <summary>Where blocks stand, counted in blocks.</summary>
    public ModeLayout Blocks { get; }

    public IEnumerable<int> Modes => Outer.Concat(Lanes);

    /// <summary>Size of a mode, or the number of blocks.</summary>
    public int SizeOf(int mode) => mode == BlockMode ? BlockCount : _size(mode);

    /// <summary>Element offsets of all index combinations of modes, the last fastest; blocks must stand innermost.</summary>
    public int[] Offsets(IEnumerable<int> modes)
    {
        var lanes = new ModeLayout(Lanes, _size);
        var moves = Outer.Select(mode => Blocks.Offsets([mode], SizeOf).Select(offset => offset * LaneBlock.Width).ToArray())
            .Concat(Lanes.Select(mode => lanes.Offsets([mode], _size)));
        return new ModeLayout([.. Outer, .. Lanes], [.. moves], Length).Offsets(modes, _size);
    }

    private int Volume(IEnumerable<int> modes) => modes.Aggregate(1, (product, mode) => checked(product * _size(mode)));
}
