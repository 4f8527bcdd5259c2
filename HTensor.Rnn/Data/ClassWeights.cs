namespace HTensor.Rnn;

/// <summary>Weights for data with more samples of one class than of another.</summary>
public static class ClassWeights
{
    /// <summary>
    /// w_c = n / (C n_c): each class counts the same in the sum over the samples, and their mean weight is 1. n_c of n samples are of class c,
    /// C of the classes have any; one without samples has weight 1.
    /// </summary>
    /// <param name="samples">The samples to train on.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ArgumentException">There is no sample, or a label is none of the classes.</exception>
    public static double[] Balanced(SequenceSet samples, int classes)
    {
        ArgumentNullException.ThrowIfNull(samples);
        SampleGuard.RequireLabelled("weighted", samples, classes);
        var counts = new int[classes];
        foreach (var sample in samples.Samples.Span) counts[samples.Source.Label(sample)]++;
        var present = counts.Count(count => count > 0);
        return [.. counts.Select(count => count == 0 ? 1 : (double)samples.Count / ((double)present * count))];
    }
}
