namespace HTensor.Rnn;

/// <summary>Refuses a training that cannot be run, before it starts.</summary>
internal static class TrainingGuard
{
    /// <exception cref="ArgumentException">The message names what was expected and found.</exception>
    public static void Require(SequenceClassifier model, SequenceSet train, SequenceSet? validation, TrainingOptions options)
    {
        if (train.Count == 0) throw new ArgumentException("training samples: expected one or more, found none");
        model.RequireFrames(train.Source);
        RequireLabels("training", train, model.Options.Classes.Count);
        if (validation is not null)
        {
            model.RequireFrames(validation.Source);
            RequireLabels("validation", validation, model.Options.Classes.Count);
        }

        RequireAtLeast("epochs", 1, options.Epochs);
        RequireAtLeast("batch size", 1, options.BatchSize);
        RequireAtLeast("threads", 1, options.Threads);
        RequireAtLeast("warm-up steps", 0, options.WarmupSteps);
        Require("learning rate", "a finite number above 0", options.LearningRate, double.IsFinite(options.LearningRate) && options.LearningRate > 0);
        Require("weight decay", "a finite number of at least 0", options.WeightDecay, double.IsFinite(options.WeightDecay) && options.WeightDecay >= 0);
        Require("dropout", "a number from 0 to below 1", options.Dropout, options.Dropout is >= 0 and < 1);
        Require("clip norm", "a number of at least 0", options.ClipNorm, options.ClipNorm >= 0);
    }

    private static void RequireLabels(string what, SequenceSet set, int classes)
    {
        foreach (var sample in set.Samples.Span)
        {
            if ((uint)sample >= (uint)set.Source.Count) throw new ArgumentException($"{what} samples: expected 0 to {set.Source.Count - 1}, found {sample}");
            if ((uint)set.Source.Label(sample) >= (uint)classes)
                throw new ArgumentException($"{what} sample {sample}: expected a label of 0 to {classes - 1}, found {set.Source.Label(sample)}");
        }
    }

    private static void RequireAtLeast(string what, int least, int found)
    {
        if (found < least) throw new ArgumentException($"{what}: expected at least {least}, found {found}");
    }

    private static void Require(string what, string expected, double found, bool holds)
    {
        if (!holds) throw new ArgumentException($"{what}: expected {expected}, found {found}");
    }
}
