namespace HTensor.Rnn;

/// <summary>What a cell reads and writes at one step of one group of samples. All spans are of the whole group: rows of sixteen lanes.</summary>
internal readonly ref struct CellStep<T>
{
    /// <summary>group * steps + step.</summary>
    public required int Unit { get; init; }

    public required int Group { get; init; }

    /// <summary>There is no step before, not in an earlier window either: states are 0.</summary>
    public required bool IsFirst { get; init; }

    /// <summary>No step of the group comes after.</summary>
    public required bool IsLast { get; init; }

    /// <summary>z [gates H, 16], with bias.</summary>
    public ReadOnlySpan<T> Input { get; init; }

    /// <summary>h_t [H, 16].</summary>
    public Span<T> Hidden { get; init; }

    /// <summary>h_(t-1) [H, 16].</summary>
    public ReadOnlySpan<T> HiddenBefore { get; init; }

    /// <summary>c_(t-1) [H, 16] of the window before, at the first step of one that continues; else empty.</summary>
    public ReadOnlySpan<T> CarriedCell { get; init; }

    /// <summary>h_(t-1) as the product with U sees it.</summary>
    public ReadOnlySpan<T> Source { get; init; }

    /// <summary>dh_t, whole when the first stage of the backward pass runs but for the product with the gate gradients of step t + 1; left as what goes straight to dh_(t-1).</summary>
    public Span<T> HiddenGradient { get; init; }

    /// <summary>Where products add: d source of step t before, of step t - 1 after the first stage.</summary>
    public Span<T> SourceGradient { get; init; }
}
