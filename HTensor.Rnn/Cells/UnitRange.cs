using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>Hidden units [First, First + Count) of H, the share of one piece of work, and their rows of a step's blocks.</summary>
internal readonly record struct UnitRange(int Index, int First, int Count, int Hidden)
{
    /// <summary>Hidden units of one piece: enough for four panels of columns a gate, few enough for threads to share.</summary>
    private const int Most = 64;

    /// <summary>All H units in pieces; a function of H alone.</summary>
    public static UnitRange[] All(int hidden) =>
        [.. Enumerable.Range(0, (hidden + Most - 1) / Most).Select(i => new UnitRange(i, i * Most, Math.Min(Most, hidden - i * Most), hidden))];

    /// <summary>The rows of one gate, from those of all gates.</summary>
    public Span<T> Gate<T>(Span<T> gates, int gate) => gates.Slice((gate * Hidden + First) * LaneBlock.Width, Count * LaneBlock.Width);

    /// <inheritdoc cref="Gate{T}(Span{T}, int)"/>
    public ReadOnlySpan<T> Gate<T>(ReadOnlySpan<T> gates, int gate) => gates.Slice((gate * Hidden + First) * LaneBlock.Width, Count * LaneBlock.Width);

    /// <summary>The rows, from those of all hidden units.</summary>
    public Span<T> Part<T>(Span<T> hidden) => Gate(hidden, 0);

    /// <inheritdoc cref="Part{T}(Span{T})"/>
    public ReadOnlySpan<T> Part<T>(ReadOnlySpan<T> hidden) => Gate(hidden, 0);
}
