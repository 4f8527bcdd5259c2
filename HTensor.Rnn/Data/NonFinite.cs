namespace HTensor.Rnn;

/// <summary>Where an array [samples, steps, frame] holds its first NaN or infinity within the samples' lengths.</summary>
internal readonly record struct NonFinite(int Sample, int Step, int Value, int Index)
{
    public static NonFinite? First(ReadOnlySpan<float> values, int frameSize, int steps, int[] lengths)
    {
        for (var sample = 0; sample < lengths.Length; sample++)
        {
            var start = sample * steps * frameSize;
            var valid = values.Slice(start, lengths[sample] * frameSize);
            for (var i = 0; i < valid.Length; i++)
                if (!float.IsFinite(valid[i])) return new NonFinite(sample, i / frameSize, i % frameSize, start + i);
        }

        return null;
    }

    public override string ToString() => $"sample {Sample}, step {Step}, value {Value}";
}
