namespace HTensor.Rnn;

/// <summary>Keeps <see cref="ISequenceSource"/>'s word that steps beyond a sample's length are zeros.</summary>
internal static class SequencePadding
{
    /// <summary>The values themselves where their padding is zero already, else a copy with its padding cleared.</summary>
    public static ReadOnlyMemory<byte> Cleared(ReadOnlyMemory<byte> values, int sampleBytes, int steps, int[] lengths)
    {
        byte[]? copy = null;
        var frameBytes = sampleBytes / steps;
        for (var sample = 0; sample < lengths.Length; sample++)
        {
            var start = sample * sampleBytes + lengths[sample] * frameBytes;
            var padding = values.Span[start..((sample + 1) * sampleBytes)];
            if (!padding.ContainsAnyExcept((byte)0)) continue;
            copy ??= values.ToArray();
            copy.AsSpan(start, padding.Length).Clear();
        }

        return copy ?? values;
    }
}
