namespace HTensor.Rnn;

/// <summary>The outline of a batch in lanes: groups of sixteen samples over a number of steps. Unit = group * steps + step.</summary>
internal interface ISequenceBatch
{
    int Groups { get; }

    /// <summary>Steps that there is room for.</summary>
    int Steps { get; }

    /// <summary>Valid steps of each lane of each group, [groups * 16]; 0 where there is no sample.</summary>
    ReadOnlySpan<int> Lengths { get; }

    /// <summary>Largest of the lengths in a group.</summary>
    int LongestLength(int group);

    /// <summary>Whether the steps follow those of the pass before, so that layers go on from the states that it left.</summary>
    bool Continues { get; }
}
