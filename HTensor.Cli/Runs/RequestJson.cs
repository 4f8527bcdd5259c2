using System.Globalization;
using System.Text.Json;

namespace HTensor.Cli;

/// <summary>A training request as JSON, under the options' own names: the part of config.json that a resumed run reads back.</summary>
internal static class RequestJson
{
    /// <summary>Writes the object's value; what was not said is left out.</summary>
    public static void Write(Utf8JsonWriter writer, TrainRequest request)
    {
        var model = request.Model;
        writer.WriteStartObject();
        Text("data", request.Data);
        Text("preset", model.Preset);
        Text("cell", model.Cell);
        Text("format", model.Format);
        Text("input-modes", model.InputModes?.ToString());
        Number("hidden", model.Hidden);
        Text("hidden-modes", model.HiddenModes?.ToString());
        Number("rank", model.Rank);
        Number("inner-rank", model.InnerRank);
        Number("blocks", model.Blocks);
        Text("tree", model.Tree);
        Text("gates", model.Gates);
        Text("reset", model.Reset);
        Text("recurrent-format", model.RecurrentFormat);
        Flag("joint", model.Joint);
        Number("layers", model.Layers);
        Flag("bidirectional", model.Bidirectional);
        Number("front", model.Front);
        Text("init", request.Init);
        Text("task", request.Task);
        Number("window", request.Window);
        Number("truncate-steps", request.TruncateSteps);
        Text("readout", request.Readout);
        Number("epochs", request.Epochs);
        Number("batch", request.Batch);
        Number("learning-rate", request.LearningRate);
        Number("weight-decay", request.WeightDecay);
        Number("dropout", request.Dropout);
        Number("recurrent-dropout", request.RecurrentDropout);
        Number("input-dropout", request.InputDropout);
        Number("shift", request.Shift);
        Number("flip", request.Flip);
        Number("brightness", request.Brightness);
        Number("time-jitter", request.TimeJitter);
        Number("label-smoothing", request.LabelSmoothing);
        Number("averaging", request.Averaging);
        Flag("group-by-length", request.GroupByLength);
        Number("warmup", request.Warmup);
        Text("step-input", request.StepInput);
        Number("clip", request.Clip);
        Text("class-weights", request.ClassWeights);
        Number("validation", request.Validation);
        Text("resize", request.Resize?.ToString());
        if (request.Seed is { } seed) writer.WriteNumber("seed", seed);
        Number("threads", request.Threads);
        Number("checkpoint-every", request.CheckpointEvery);
        writer.WriteEndObject();

        void Text(string name, string? value)
        {
            if (value is not null) writer.WriteString(name, value);
        }

        void Flag(string name, bool? value)
        {
            if (value is { } said) writer.WriteBoolean(name, said);
        }

        void Number(string name, double? value)
        {
            if (value is { } number) writer.WriteNumber(name, number);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A value is not what its option takes.</exception>
    public static TrainRequest Read(JsonElement json)
    {
        return new TrainRequest
        {
            Data = Text("data"),
            Model = new ModelRequest
            {
                Preset = Text("preset"),
                Cell = Text("cell"),
                Format = Text("format"),
                InputModes = Value<Modes>("input-modes", Modes.TryParse),
                Hidden = Whole("hidden"),
                HiddenModes = Value<Modes>("hidden-modes", Modes.TryParse),
                Rank = Whole("rank"),
                InnerRank = Whole("inner-rank"),
                Blocks = Whole("blocks"),
                Tree = Text("tree"),
                Gates = Text("gates"),
                Reset = Text("reset"),
                RecurrentFormat = Text("recurrent-format"),
                Joint = Value<bool>("joint", bool.TryParse),
                Layers = Whole("layers"),
                Bidirectional = Value<bool>("bidirectional", bool.TryParse),
                Front = Whole("front"),
            },
            Init = Text("init"),
            Task = Text("task"),
            Readout = Text("readout"),
            Window = Whole("window"),
            TruncateSteps = Whole("truncate-steps"),
            Epochs = Whole("epochs"),
            Batch = Whole("batch"),
            LearningRate = Real("learning-rate"),
            WeightDecay = Real("weight-decay"),
            Dropout = Real("dropout"),
            RecurrentDropout = Real("recurrent-dropout"),
            InputDropout = Real("input-dropout"),
            Shift = Whole("shift"),
            Flip = Real("flip"),
            Brightness = Real("brightness"),
            TimeJitter = Whole("time-jitter"),
            LabelSmoothing = Real("label-smoothing"),
            Averaging = Real("averaging"),
            GroupByLength = Value<bool>("group-by-length", bool.TryParse),
            Warmup = Whole("warmup"),
            StepInput = Text("step-input"),
            Clip = Real("clip"),
            ClassWeights = Text("class-weights"),
            Validation = Real("validation"),
            Resize = Value<FrameSize>("resize", FrameSize.TryParse),
            Seed = Value<ulong>("seed", (text, out value) =>
                ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)),
            Threads = Whole("threads"),
            CheckpointEvery = Real("checkpoint-every"),
        };

        string? Text(string name) => json.TryGetProperty(name, out var value) ? value.ToString() : null;

        int? Whole(string name) => Value<int>(name, (text, out value) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));

        double? Real(string name) => Value<double>(name, (text, out value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value));

        T? Value<T>(string name, Parse.Reader<T> read)
            where T : struct
        {
            if (Text(name) is not { } text) return null;
            return read(text, out var value) ? value : throw new InvalidDataException($"config.json, {name}: found {text}");
        }
    }
}
