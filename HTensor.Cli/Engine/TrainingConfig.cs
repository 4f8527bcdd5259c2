using System.Text.Json;
using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>config.json: under <c>request</c> what was asked, which a resumed run reads back; under <c>resolved</c> what was made of it.</summary>
internal static class TrainingConfig
{
    private const string RequestKey = "request";

    public static void Write(Utf8JsonWriter writer, TrainingJob job)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(RequestKey);
        RequestJson.Write(writer, job.Asked);
        writer.WriteStartObject("resolved");
        WriteModel(writer, job);
        WriteData(writer, job);
        WriteTraining(writer, job);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The request of an earlier run.</summary>
    /// <exception cref="InvalidDataException">The file is no config.json.</exception>
    public static JsonElement ReadRequest(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(RequestKey, out var request)
                && request.ValueKind == JsonValueKind.Object) return request.Clone();
            throw new InvalidDataException($"{path}: expected an object under '{RequestKey}', found none");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>What the run folder that a MODEL argument names was trained with; null where it names a file.</summary>
    /// <exception cref="InvalidDataException">The folder's config.json is not one.</exception>
    public static TrainRequest? RequestOf(string model) => RunFolder.FindConfig(model) is { } config ? RequestJson.Read(ReadRequest(config)) : null;

    /// <summary>The same in words, for the report.</summary>
    public static IReadOnlyList<NamedValue> InWords(TrainingJob job)
    {
        var (setting, options, data) = (job.Setting, job.Options, job.Data);
        return
        [
            new("data", job.DataName),
            new("frames", Words.Modes(data.FrameShape)),
            new("samples", $"{Words.Count(data.TrainIndices.Length)} training, {Words.Count(data.ValidationIndices.Length)} validation, {Words.Count(data.TestIndices.Length)} test"),
            .. setting.Preset is { } preset ? [new("preset", preset)] : Array.Empty<NamedValue>(),
            new("cell", Words.Lower(setting.Cell)),
            .. Structure(job).Select(value => new NamedValue(value.Name, value.Value)),
            new("format", $"{setting.Format.Name}: {setting.Format.Settings}"),
            new("modes", setting.Input.Network.Modes.ToString()),
            new("gates", Words.Lower(setting.Gates)),
            new("read-out", Words.Lower(job.Model.Options.Readout)),
            .. options.Truncation is { } steps ? [new("back-propagation", $"through {steps} steps, states carried")] : Array.Empty<NamedValue>(),
            new("epochs, batch", $"{options.Epochs}, {options.BatchSize}{(options.GroupByLength ? ", similar lengths" : "")}"),
            new("learning rate", Words.Number(options.LearningRate)),
            new("weight decay", Words.Number(options.WeightDecay)),
            new("dropout", Words.Number(options.Dropout)),
            .. options.RecurrentDropout == 0 ? Array.Empty<NamedValue>() : [new("recurrent dropout", Words.Number(options.RecurrentDropout))],
            .. Regularization(options),
            new("largest norm of the gradient", options.ClipNorm == 0 ? "none" : Words.Number(options.ClipNorm)),
        ];
    }

    /// <summary>What else keeps a model from learning its training samples by heart, where it is used.</summary>
    private static IEnumerable<NamedValue> Regularization(TrainingOptions options)
    {
        var change = options.Augmentation;
        (string Name, double Value)[] values =
        [
            ("input dropout", options.InputDropout), ("label smoothing", options.LabelSmoothing), ("averaging of weights", options.WeightAveraging),
            ("shift, pixels", change.Shift), ("flip", change.Flip), ("brightness", change.Brightness), ("time jitter, steps", change.TimeJitter),
        ];
        return values.Where(value => value.Value != 0).Select(value => new NamedValue(value.Name, Words.Number(value.Value)));
    }

    /// <summary>What makes the model more than one layer of an LSTM that classifies.</summary>
    private static List<NamedValue> Structure(TrainingJob job)
    {
        var (options, values) = (job.Model.Options, new List<NamedValue>());
        if (options.Cell == CellKind.Gru) values.Add(new("reset", Words.Lower(options.Reset)));
        if (options.Task != SequenceTask.Class) values.Add(new("task", TaskChoice.Name(options.Task)));
        if (job.Setting.RecurrentFormat != "dense") values.Add(new("recurrent", job.Setting.RecurrentFormat));
        if (options.Layers > 1) values.Add(new("layers", Words.Count(options.Layers)));
        if (options.Direction == Direction.Bidirectional) values.Add(new("direction", "bidirectional"));
        if (options.StepInput == StepInput.Difference) values.Add(new("step input", "differences of frames"));
        if (options.Front is { } front) values.Add(new("front", $"{Words.Lower(front.Kind)}, {Words.Count(front.Inputs)} inputs"));
        return values;
    }

    private static void WriteModel(Utf8JsonWriter writer, TrainingJob job)
    {
        var (setting, network) = (job.Setting, job.Setting.Input.Network);
        writer.WriteString("preset", setting.Preset);
        writer.WriteString("cell", Words.Lower(setting.Cell));
        foreach (var value in Structure(job)) writer.WriteString(value.Name, value.Value);
        writer.WriteString("format", setting.Format.Name);
        writer.WriteString("ranks", setting.Format.Settings);
        writer.WriteList("inputModes", setting.InputModes);
        writer.WriteNumber("hidden", setting.Hidden);
        writer.WriteList("hiddenModes", setting.HiddenModes);
        writer.WriteList("outputModes", network.Modes.Outputs);
        writer.WriteString("gates", Words.Lower(setting.Gates));
        writer.WriteString("readout", Words.Lower(job.Model.Options.Readout));
        writer.WriteNumber("modelParameters", job.Model.Counts.Model);
        writer.WriteStartArray("plan");
        var samples = job.Options.BatchSize * job.Data.Source.Steps;
        foreach (var line in LaneContraction.Plan(network, samples).ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)) writer.WriteStringValue(line.TrimEnd());
        writer.WriteEndArray();
    }

    private static void WriteData(Utf8JsonWriter writer, TrainingJob job)
    {
        var data = job.Data;
        writer.WriteString("data", job.DataName);
        writer.WriteNumber("steps", data.Source.Steps);
        writer.WriteList("frame", data.FrameShape);
        writer.WriteStartArray("classes");
        foreach (var name in data.ClassNames) writer.WriteStringValue(name);
        writer.WriteEndArray();
        writer.WriteNumber("trainSamples", data.TrainIndices.Length);
        writer.WriteNumber("validationSamples", data.ValidationIndices.Length);
        writer.WriteNumber("testSamples", data.TestIndices.Length);
    }

    private static void WriteTraining(Utf8JsonWriter writer, TrainingJob job)
    {
        var options = job.Options;
        writer.WriteNumber("epochs", options.Epochs);
        writer.WriteNumber("batch", options.BatchSize);
        writer.WriteNumber("learningRate", options.LearningRate);
        writer.WriteNumber("warmupSteps", options.WarmupSteps);
        writer.WriteNumber("weightDecay", options.WeightDecay);
        writer.WriteNumber("dropout", options.Dropout);
        if (options.Truncation is { } steps) writer.WriteNumber("truncateSteps", steps);
        writer.WriteBoolean("groupByLength", options.GroupByLength);
        writer.WriteNumber("recurrentDropout", options.RecurrentDropout);
        writer.WriteNumber("inputDropout", options.InputDropout);
        writer.WriteNumber("labelSmoothing", options.LabelSmoothing);
        writer.WriteNumber("averaging", options.WeightAveraging);
        writer.WriteNumber("shift", options.Augmentation.Shift);
        writer.WriteNumber("flip", options.Augmentation.Flip);
        writer.WriteNumber("brightness", options.Augmentation.Brightness);
        writer.WriteNumber("timeJitter", options.Augmentation.TimeJitter);
        writer.WriteNumber("clip", options.ClipNorm);
        if (options.ClassWeights is { } weights)
        {
            writer.WriteStartArray("classWeights");
            foreach (var weight in weights) writer.WriteNumberValue(weight);
            writer.WriteEndArray();
        }

        writer.WriteNumber("seed", options.Seed);
        writer.WriteNumber("threads", options.MaxThreads);
    }
}
