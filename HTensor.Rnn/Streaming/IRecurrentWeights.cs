namespace HTensor.Rnn;

/// <summary>U [H, gates H] as a streaming cell multiplies by it: for one sequence, or for sixteen in lanes.</summary>
internal interface IRecurrentWeights
{
    /// <summary>gates += U^T source for gates [first, first + count); gate g has rows g H to (g + 1) H of both.</summary>
    void Add(ReadOnlySpan<float> source, Span<float> gates, int first, int count);
}
