using HTensor.Core;
using HTensor.Rnn;
using ModelOptions = HTensor.Rnn.ModelOptions;

namespace HTensor.Cli;

/// <summary>A training request with everything in it resolved: the data, the model, how it is trained. Nothing has been written yet.</summary>
internal sealed record TrainingJob(TrainRequest Asked, string DataName, SequenceData Data, ModelSetting Setting, SequenceClassifier Model, TrainingOptions Options)
{
    private const double Validation = 0.1;
    private const double CoreRate = 1e-2;
    private const double DenseRate = 0.5;
    private const double SmallestDenseRate = 3e-5;
    private const double LargestDenseRate = 3e-3;
    private const double LongestInterval = 1e9;
    public const ulong DefaultSeed = 1;

    /// <exception cref="RequestException">A part is wrong or does not fit another; the message says which.</exception>
    public static TrainingJob Prepare(TrainRequest request, DefaultVideo video) => Request.Check(() =>
    {
        var initial = InitialModel.Of(request);
        initial?.RequireTask(request);
        var task = request.Task is null && initial?.Task is { } held ? held : TaskChoice.Of(request.Task);
        RequireTask(request, task);
        var choice = new DataChoice(request.Data, request.Resize, request.Seed ?? DefaultSeed, task, request.Window, Streams(request));
        var data = HeldBack(choice.Load(video), request.Validation ?? Validation, request.Seed ?? DefaultSeed);
        var setting = initial?.Setting(request, data) ?? ModelResolution.ForTraining(request.Model, data.FrameShape, task, data.ClassNames.Length);
        var options = Training(request, WithRate(request.Data is null ? video.Training : new TrainingOptions { LearningRate = CoreRate }, setting));
        if (request.ClassWeights == "balanced") options = options with { ClassWeights = ClassWeights.Balanced(data.Train, data.ClassNames.Length) };
        var built = setting.Options with
        {
            Task = task,
            StepInput = request.StepInput == "differences" ? StepInput.Difference : StepInput.Frame,
            Readout = request.Readout switch { "mean" => Readout.Mean, "step" => Readout.Step, _ => Readout.Last },
            Classes = data.ClassNames,
        };
        var model = initial?.Trained(built, options.Seed) ?? SequenceClassifier.Create(built, options.Seed);
        return new TrainingJob(request, choice.Name, data, setting, model, options);
    });

    /// <summary>The streams that a text is read in where back-propagation is truncated, one a lane of the batch.</summary>
    public static (int Count, int Steps)? Streams(TrainRequest? request) => request?.TruncateSteps is { } steps ? (request.Batch ?? new TrainingOptions().BatchSize, steps) : null;

    /// <summary>Options that the task has no use for are refused before its data is read.</summary>
    public static void RequireTask(TrainRequest request, SequenceTask task)
    {
        var name = TaskChoice.Name(task);
        if (request.ClassWeights == "balanced" && task != SequenceTask.Class) throw new RequestException($"--class-weights balanced: expected --task class, found {name}");
        if (request.Window is { } window && task != SequenceTask.NextSymbol) throw new RequestException($"--window {window}: expected --task next-symbol, found {name}");
        if (request.Readout is { } readout and not "step" && task is SequenceTask.NextNotes or SequenceTask.NextSymbol)
            throw new RequestException($"--readout {readout}: expected step, as --task {name} predicts at every step");
        if (request.TruncateSteps is not { } steps) return;
        if (request.Window is not null) throw new RequestException($"--window {request.Window}: expected none beside --truncate-steps, which reads the text in streams");
        if (request.Model.Bidirectional == true) throw new RequestException($"--truncate-steps {steps}: expected no --bidirectional, whose backward layers begin at the end of a sequence");
        if (request.StepInput == "differences") throw new RequestException($"--truncate-steps {steps}: expected --step-input frames, found differences");
        if (task is SequenceTask.Class or SequenceTask.Regression && request is { Init: null, Readout: not "step" })
            throw new RequestException($"--truncate-steps {steps}: expected --readout step, a prediction in every window, found {request.Readout ?? "last"}");
    }

    /// <summary>
    /// A step of Adam moves a pre-activation over a dense matrix by up to N times the rate, N the values of a frame: at a rate that suits
    /// cores the gates of a large frame saturate at once (5,184 values: 12 % on the GRID digits at 3e-3, 38 % at 1e-4, chance 10 %).
    /// </summary>
    private static TrainingOptions WithRate(TrainingOptions defaults, ModelSetting setting) => setting.Format is DenseFormat
        ? defaults with { LearningRate = Math.Clamp(DenseRate / setting.Input.Network.Modes.Rows, SmallestDenseRate, LargestDenseRate) }
        : defaults;

    /// <summary>What was not said is as <paramref name="defaults"/> have it.</summary>
    private static TrainingOptions Training(TrainRequest request, TrainingOptions defaults) => defaults with
    {
        Epochs = request.Epochs ?? defaults.Epochs,
        BatchSize = request.Batch ?? defaults.BatchSize,
        LearningRate = request.LearningRate ?? defaults.LearningRate,
        WeightDecay = request.WeightDecay ?? defaults.WeightDecay,
        Dropout = request.Dropout ?? defaults.Dropout,
        RecurrentDropout = request.RecurrentDropout ?? defaults.RecurrentDropout,
        InputDropout = request.InputDropout ?? defaults.InputDropout,
        Augmentation = new Augmentation
        {
            Shift = request.Shift ?? defaults.Augmentation.Shift,
            Flip = request.Flip ?? defaults.Augmentation.Flip,
            Brightness = request.Brightness ?? defaults.Augmentation.Brightness,
            TimeJitter = request.TimeJitter ?? defaults.Augmentation.TimeJitter,
        },
        LabelSmoothing = request.LabelSmoothing ?? defaults.LabelSmoothing,
        WeightAveraging = request.Averaging ?? defaults.WeightAveraging,
        WarmupSteps = request.Warmup ?? defaults.WarmupSteps,
        ClipNorm = request.Clip ?? defaults.ClipNorm,
        Truncation = request.TruncateSteps,
        GroupByLength = request.GroupByLength ?? defaults.GroupByLength,
        Seed = request.Seed ?? DefaultSeed,
        MaxThreads = request.Threads ?? defaults.MaxThreads,
        CheckpointInterval = request.CheckpointEvery is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, LongestInterval)) : defaults.CheckpointInterval,
    };

    /// <summary>A validation split that the data brings is kept as it is.</summary>
    private static SequenceData HeldBack(SequenceData data, double part, ulong seed) =>
        part == 0 || data.ValidationIndices.Length > 0 ? data : data.SplitValidation(part, seed);
}
