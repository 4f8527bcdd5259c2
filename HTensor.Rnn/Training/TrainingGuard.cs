namespace HTensor.Rnn;

/// <summary>Refuses a training that cannot be run, before it starts.</summary>
internal static class TrainingGuard
{
    /// <exception cref="ArgumentException">The message names what was expected and found.</exception>
    /// <exception cref="IOException">A file's folder is missing.</exception>
    /// <exception cref="NotSupportedException">A file is to be written, and none can hold the model's weight format.</exception>
    public static void Require(SequenceClassifier model, SequenceSet train, SequenceSet? validation, TrainingOptions options)
    {
        model.RequireFrames(train.Source);
        SampleGuard.RequireTask("training", train, model.Options);
        if (validation is { Count: > 0 })
        {
            model.RequireFrames(validation.Source);
            SampleGuard.RequireTask("validation", validation, model.Options);
        }

        RequireAtLeast("epochs", 1, options.Epochs);
        RequireAtLeast("batch size", 1, options.BatchSize);
        RequireAtLeast("threads", 1, options.MaxThreads);
        RequireAtLeast("warm-up steps", 0, options.WarmupSteps);
        RequireAtLeast("kept activation bytes", 0, options.KeptActivationBytes);
        Require("learning rate", "a finite number above 0", options.LearningRate, double.IsFinite(options.LearningRate) && options.LearningRate > 0);
        Require("weight decay", "a finite number of at least 0", options.WeightDecay, double.IsFinite(options.WeightDecay) && options.WeightDecay >= 0);
        Require("dropout", "a number from 0 to below 1", options.Dropout, options.Dropout is >= 0 and < 1);
        Require("recurrent dropout", "a number from 0 to below 1", options.RecurrentDropout, options.RecurrentDropout is >= 0 and < 1);
        Require("input dropout", "a number from 0 to below 1", options.InputDropout, options.InputDropout is >= 0 and < 1);
        Require("label smoothing", "a number from 0 to below 1", options.LabelSmoothing, options.LabelSmoothing is >= 0 and < 1);
        Require("weight averaging", "a number from 0 to below 1", options.WeightAveraging, options.WeightAveraging is >= 0 and < 1);
        RequireFitting(model.Options, train, options);
        RequireWeights(options.ClassWeights, model.Options);
        RequireTruncation(options.Truncation, model.Layout.Options);
        Require("clip norm", "a number of at least 0", options.ClipNorm, options.ClipNorm >= 0);
        Require("checkpoint interval in seconds", "a number of at least 0", options.CheckpointInterval.TotalSeconds, options.CheckpointInterval >= TimeSpan.Zero);
        RequireFolder(options.BestModelPath);
        RequireFolder(options.CheckpointPath);
        // Refuses a format that no file can name.
        if (options.BestModelPath is not null || options.CheckpointPath is not null) _ = ModelJson.Write(model.Options);
    }

    /// <summary>What suits only some tasks.</summary>
    private static void RequireFitting(ModelOptions model, SequenceSet train, TrainingOptions options)
    {
        AugmentedSource.Require(options.Augmentation, train.Source.FrameShape);
        if (!options.Augmentation.IsNone && model.Task is not (SequenceTask.Class or SequenceTask.Regression))
            throw new ArgumentException($"augmentation: expected none for the task {model.Task}, whose targets are the frames themselves");
        if (options.LabelSmoothing > 0 && model.Task is not (SequenceTask.Class or SequenceTask.NextSymbol))
            throw new ArgumentException($"label smoothing: expected 0 for the task {model.Task}, which names no class, found {options.LabelSmoothing}");
        if (model.StepInput == StepInput.Difference && !HasTwoSteps(train))
            throw new ArgumentException("step input: expected training samples of two steps or more, to take differences of, found none");
        if (options.InputDropout > 0 && model.Front is { Kind: FrontKind.Embedding })
            throw new ArgumentException($"input dropout: expected 0 before an embedding, whose frames are symbols, found {options.InputDropout}");
    }

    private static bool HasTwoSteps(SequenceSet train)
    {
        foreach (var sample in train.Samples.Span)
            if (train.Source.Length(sample) > 1) return true;
        return false;
    }

    /// <summary>A file that cannot be written is better known before the first epoch than after it.</summary>
    private static void RequireFolder(string? path)
    {
        if (path is null) return;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is not null && !Directory.Exists(folder)) throw new IOException($"{path}: cannot be written: no folder {folder}");
    }

    /// <summary>A window has something to learn from where it has predictions, and something before it where no layer begins at the end.</summary>
    private static void RequireTruncation(int? steps, ModelOptions model)
    {
        if (steps is not { } count) return;
        RequireAtLeast("truncation", 1, count);
        if (model.Direction != Direction.Forward) throw new ArgumentException("truncation: expected a model that reads forward alone, found a bidirectional one, half of which begins at the end");
        if (model.StepInput != StepInput.Frame) throw new ArgumentException("truncation: expected frames as they are, found differences of frames");
        if (model.Readout != Readout.Step) throw new ArgumentException($"truncation: expected a prediction at every step, read-out step, found read-out {model.Readout.ToString().ToLowerInvariant()}");
    }

    private static void RequireWeights(IReadOnlyList<double>? weights, ModelOptions model)
    {
        if (weights is null) return;
        var classes = model.Classes.Count;
        if (model.Task is not (SequenceTask.Class or SequenceTask.NextSymbol)) throw new ArgumentException("class weights: expected a task that names classes or symbols, found one that does not");
        if (weights.Count != classes) throw new ArgumentException($"class weights: expected one a class, {classes}, found {weights.Count}");
        for (var c = 0; c < classes; c++) Require($"weight of class {c}", "a finite number of at least 0", weights[c], float.IsFinite((float)weights[c]) && weights[c] >= 0);
    }

    private static void RequireAtLeast(string what, long least, long found)
    {
        if (found < least) throw new ArgumentException($"{what}: expected at least {least}, found {found}");
    }

    private static void Require(string what, string expected, double found, bool holds)
    {
        if (!holds) throw new ArgumentException($"{what}: expected {expected}, found {found}");
    }
}
