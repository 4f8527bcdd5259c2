namespace HTensor.Rnn;

/// <summary>Refuses samples that a source does not have, and labels that a model has no class for.</summary>
internal static class SampleGuard
{
    /// <exception cref="ArgumentException">A number is out of range; the message names what was expected and found.</exception>
    public static void RequireSamples(string what, SequenceSet set)
    {
        foreach (var sample in set.Samples.Span)
            if ((uint)sample >= (uint)set.Source.Count) throw new ArgumentException($"{what} samples: expected 0 to {set.Source.Count - 1}, found {sample}");
    }

    /// <exception cref="ArgumentException">A number or label is out of range, or there is no sample.</exception>
    public static void RequireLabelled(string what, SequenceSet set, int classes)
    {
        if (set.Count == 0) throw new ArgumentException($"{what} samples: expected one or more, found none");
        RequireSamples(what, set);
        foreach (var sample in set.Samples.Span)
        {
            if ((uint)set.Source.Label(sample) >= (uint)classes)
                throw new ArgumentException($"{what} sample {sample}: expected a label of 0 to {classes - 1}, found {set.Source.Label(sample)}");
        }
    }
}
