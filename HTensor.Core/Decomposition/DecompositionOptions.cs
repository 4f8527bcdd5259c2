using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>How a decomposition works. No option changes what a tolerance promises.</summary>
public sealed record DecompositionOptions
{
    /// <summary>Threads; the result has the same bits on any number. Default: the calling thread.</summary>
    public ThreadTeam Team { get; init; } = ThreadTeam.Inline;

    /// <summary>Whether a stage sees the tensor itself or what the stages before it left. Of <see cref="Hsvd"/> alone.</summary>
    public StageInput Stages { get; init; } = StageInput.Projected;

    /// <summary>Whether a large tensor is first split in two by a random sketch, where what that leaves is measured to be small enough.</summary>
    public Sketching Sketching { get; init; } = Sketching.WhereItFits;

    /// <summary>Of the random numbers of <see cref="Sketching.EachNode"/>.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Ends what reads or writes a file, before its next block.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Told how many elements of a file have been read or written so far, all passes over it together.</summary>
    public IProgress<long>? ElementsRead { get; init; }
}

/// <summary>What each stage of a decomposition sees.</summary>
public enum StageInput
{
    /// <summary>What the stages before it left: each is smaller than the last, and squared errors add up exactly.</summary>
    Projected,

    /// <summary>The tensor itself: all nodes have the frames of their own unfolding, and the report the tensor's own singular values.</summary>
    Unprojected,
}

/// <summary>The use of random sketches.</summary>
public enum Sketching
{
    /// <summary>Where the tensor is large and a few columns hold it within the tolerance, which is measured.</summary>
    WhereItFits,

    /// <summary>Never.</summary>
    Never,

    /// <summary>
    /// Every node that has a maximal rank by itself: the fastest way to given ranks where singular values fall slowly. Ranks are a little worse than the best, and the
    /// tolerance does not choose them; the report says what error they make. Of <see cref="Hsvd"/> alone.
    /// </summary>
    EachNode,
}
