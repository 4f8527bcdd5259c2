using System.Globalization;
using HTensor.Autodiff;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// A training's state as a model file with more in it: the best weights so far as <c>best.NAME</c>, the optimizer's as
/// <c>optimizer.NAME</c>, and in the metadata where it stands and what it must agree with to go on.
/// </summary>
internal static class Checkpoint
{
    private const string Prefix = "training.";
    private const string BestPrefix = "best.";
    private const string OptimizerPrefix = "optimizer.";
    private const string AveragePrefix = "average.";

    public static void Write(string path, SequenceClassifier model, TrainedWeights weights, TrainingOptions options, TrainingSamples samples, TrainingState state)
    {
        var tensors = ModelFile.Tensors(model);
        foreach (var (prefix, set) in Sets(weights))
        {
            foreach (var parameter in set.Items) tensors[prefix + parameter.Name] = SafetensorsTensor.Over<float>(parameter.Memory, parameter.Shape.Sizes);
        }

        foreach (var (name, values) in weights.Optimizer.State) tensors[OptimizerPrefix + name] = SafetensorsTensor.Over<float>(values, values.Length);
        foreach (var (name, values) in weights.Carried?.Left ?? []) tensors[name] = SafetensorsTensor.Over<float>(values, values.Length);
        var metadata = new Dictionary<string, string>(Agreement(options, samples))
        {
            [ModelFile.OptionsKey] = ModelJson.Write(model.Options),
            [Prefix + "epoch"] = Text(state.Epoch),
            [Prefix + "step"] = Text(state.Step),
            [Prefix + "lossSum"] = Text(state.LossSum),
            [Prefix + "bestEpoch"] = Text(state.BestEpoch),
            [Prefix + "bestAccuracy"] = Text(state.BestAccuracy),
            [Prefix + "bestLoss"] = Text(state.BestLoss),
        };
        if (weights.Carried is not null) metadata[Prefix + "lossWeight"] = Text(state.LossWeight);
        SafetensorsFile.Write(path, tensors, metadata);
    }

    /// <summary>Brings model, best weights and optimizer to where the checkpoint stands.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is of another model or other options.</exception>
    public static TrainingState Read(string path, SequenceClassifier model, TrainedWeights weights, TrainingOptions options, TrainingSamples samples)
    {
        var file = SafetensorsFile.Read(path);
        var found = ModelFile.Read(path, file);
        var (wanted, has) = (ModelJson.Write(model.Options), ModelJson.Write(found.Options));
        if (has != wanted) throw new DataPlace(path).Wrong($"the checkpoint is of another model: expected {wanted}, found {has}");
        foreach (var (key, expected) in Agreement(options, samples))
        {
            var value = Value(path, file, key);
            if (value != expected) throw new DataPlace(path).Wrong($"{key[Prefix.Length..]}: expected {expected}, found {value}");
        }

        foreach (var key in Sometimes)
        {
            if (!Agreement(options, samples).ContainsKey(Prefix + key) && file.Metadata.TryGetValue(Prefix + key, out var held))
                throw new DataPlace(path).Wrong($"{key}: expected none, found {held}");
        }

        // The model last: a file that is refused half way leaves it as it was.
        var state = ReadState(path, file, options, samples, weights.Carried is not null);
        foreach (var (prefix, set) in Sets(weights))
        {
            foreach (var parameter in set.Items) ModelFile.CopyInto(path, file, prefix + parameter.Name, parameter.Shape.Sizes, parameter.Values);
        }

        foreach (var (name, values) in weights.Optimizer.State) ModelFile.CopyInto(path, file, OptimizerPrefix + name, [values.Length], values.Span);
        foreach (var (name, values) in weights.Carried?.Left ?? []) ModelFile.CopyInto(path, file, name, [values.Length], values.Span);
        weights.Optimizer.StepCount = state.Step;
        model.Parameters.CopyFrom(found.Parameters);
        model.Scaling = found.Scaling;
        return state;
    }

    private static IEnumerable<(string Prefix, ParameterSet<float> Set)> Sets(TrainedWeights weights)
    {
        yield return (BestPrefix, weights.Best);
        if (weights.Average is { } average) yield return (AveragePrefix, average);
    }

    private static TrainingState ReadState(string path, SafetensorsFile file, TrainingOptions options, TrainingSamples samples, bool hasWindows)
    {
        var epoch = Whole("epoch", 0, options.Epochs);
        var perEpoch = (long)samples.StepsPerEpoch(options);
        var step = Whole("step", epoch * perEpoch, Math.Min(epoch + 1, options.Epochs) * perEpoch);
        // Without windows it follows from the steps, and older checkpoints do not have it.
        var weight = hasWindows ? Whole("lossWeight", 0, long.MaxValue) : Math.Min((step - epoch * perEpoch) * options.BatchSize, samples.Train);
        return new TrainingState((int)epoch, step, Real("lossSum"), weight, (int)Whole("bestEpoch", 0, epoch), Real("bestAccuracy"), Real("bestLoss"));

        long Whole(string key, long least, long most) =>
            long.TryParse(Value(path, file, Prefix + key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
                ? value
                : throw new DataPlace(path).Wrong($"{Prefix}{key}: expected a whole number from {least} to {most}, found '{Value(path, file, Prefix + key)}'");

        double Real(string key) => double.TryParse(Value(path, file, Prefix + key), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new DataPlace(path).Wrong($"{Prefix}{key}: expected a finite number, found '{Value(path, file, Prefix + key)}'");
    }

    /// <summary>Keys that only runs with another value than the default have.</summary>
    private static readonly string[] Sometimes = ["recurrentDropout", "classWeights", "inputDropout", "labelSmoothing", "weightAveraging", "augmentation", "truncation", "groupByLength"];

    /// <summary>What a run that goes on must have in common with the one that was broken off.</summary>
    private static Dictionary<string, string> Agreement(TrainingOptions options, TrainingSamples samples)
    {
        var agreement = Always(options, samples);
        // What older checkpoints do not have is named only where it is not the default.
        if (options.RecurrentDropout != 0) agreement[Prefix + "recurrentDropout"] = Text(options.RecurrentDropout);
        if (options.InputDropout != 0) agreement[Prefix + "inputDropout"] = Text(options.InputDropout);
        if (options.LabelSmoothing != 0) agreement[Prefix + "labelSmoothing"] = Text(options.LabelSmoothing);
        if (options.WeightAveraging != 0) agreement[Prefix + "weightAveraging"] = Text(options.WeightAveraging);
        var change = options.Augmentation;
        if (!change.IsNone) agreement[Prefix + "augmentation"] = $"shift {Text(change.Shift)}, flip {Text(change.Flip)}, brightness {Text(change.Brightness)}, time jitter {Text(change.TimeJitter)}";
        if (options.Truncation is { } window) agreement[Prefix + "truncation"] = Text(window);
        if (options.GroupByLength) agreement[Prefix + "groupByLength"] = Text(1);
        if (options.ClassWeights is { } weights) agreement[Prefix + "classWeights"] = string.Join(' ', weights.Select(Text));
        return agreement;
    }

    private static Dictionary<string, string> Always(TrainingOptions options, TrainingSamples samples) => new()
    {
        [Prefix + "samples"] = Text(samples.Train),
        [Prefix + "validationSamples"] = Text(samples.Validation),
        [Prefix + "epochs"] = Text(options.Epochs),
        [Prefix + "batchSize"] = Text(options.BatchSize),
        [Prefix + "learningRate"] = Text(options.LearningRate),
        [Prefix + "warmupSteps"] = Text(options.WarmupSteps),
        [Prefix + "weightDecay"] = Text(options.WeightDecay),
        [Prefix + "dropout"] = Text(options.Dropout),
        [Prefix + "clipNorm"] = Text(options.ClipNorm),
        [Prefix + "seed"] = Text(options.Seed),
    };

    private static string Value(string path, SafetensorsFile file, string key) => file.Metadata.TryGetValue(key, out var value)
        ? value
        : throw new DataPlace(path).Wrong($"expected a checkpoint with metadata key '{key}', found none");

    private static string Text<TNumber>(TNumber value)
        where TNumber : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
