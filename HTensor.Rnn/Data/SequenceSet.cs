namespace HTensor.Rnn;

/// <summary>Some samples of a source: a split.</summary>
/// <param name="Source">Where they come from.</param>
/// <param name="Samples">Their numbers in the source.</param>
public sealed record SequenceSet(ISequenceSource Source, ReadOnlyMemory<int> Samples)
{
    public int Count => Samples.Length;
}
