using System.Globalization;

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

    /// <summary>What a model's task needs of samples that it learns from or is judged by.</summary>
    /// <exception cref="ArgumentException">A number or label is out of range, there is no sample, or the source does not have the task's targets.</exception>
    public static void RequireTask(string what, SequenceSet set, ModelOptions options)
    {
        if (options.Task == SequenceTask.States) throw new ArgumentException($"{what}: expected a model that predicts, found one whose outputs are its states, with no loss");
        var outputs = options.Classes.Count;
        RequireLabelled(what, set, options.Task == SequenceTask.Class ? outputs : int.MaxValue);
        if (options.Task == SequenceTask.NextNotes && SequenceExtent.FrameSizeOf(set.Source.FrameShape) != outputs)
            throw new ArgumentException($"{what} samples: expected frames of {outputs} values, one for each note, found [{string.Join(", ", set.Source.FrameShape)}]");
        if (options.Task == SequenceTask.Regression && (set.Source as ITargetSource)?.TargetCount != outputs)
            throw new ArgumentException($"{what} samples: expected {outputs} targets a sample, found {((set.Source as ITargetSource)?.TargetCount.ToString(CultureInfo.InvariantCulture) ?? "none")}");
        if (options.Task != SequenceTask.NextNotes && options.Task != SequenceTask.NextSymbol) return;
        foreach (var sample in set.Samples.Span)
            if (set.Source.Length(sample) > 1) return;
        throw new ArgumentException($"{what} samples: expected one of two steps or more, found none: there is nothing to predict");
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
