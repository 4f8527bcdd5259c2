using HTensor.Core;
using HTensor.Rnn;
using ModelOptions = HTensor.Rnn.ModelOptions;

namespace HTensor.Cli;

/// <summary>A training request with everything in it resolved: the data, the model, how it is trained. Nothing has been written yet.</summary>
internal sealed record TrainingJob(TrainRequest Asked, string DataName, SequenceData Data, ModelSetting Setting, SequenceClassifier Model, TrainingOptions Options)
{
    private const double Validation = 0.1;
    private const double DenseRate = 0.5;
    private const double SmallestDenseRate = 3e-5;
    private const double LongestInterval = 1e9;
    public const ulong DefaultSeed = 1;

    /// <exception cref="RequestException">A part is wrong or does not fit another; the message says which.</exception>
    public static TrainingJob Prepare(TrainRequest request, DefaultVideo video) => Request.Check(() =>
    {
        var task = TaskChoice.Of(request.Task);
        var choice = new DataChoice(request.Data, request.Resize, request.Seed ?? DefaultSeed, task, request.Window);
        var data = HeldBack(choice.Load(video), request.Validation ?? Validation, request.Seed ?? DefaultSeed);
        var setting = ModelResolution.ForTraining(request.Model, data.FrameShape, task, data.ClassNames.Length);
        var options = Training(request, WithRate(request.Data is null ? video.Training : new TrainingOptions(), setting));
        if (request.ClassWeights == "balanced") options = options with { ClassWeights = ClassWeights.Balanced(data.Train, data.ClassNames.Length) };
        var model = SequenceClassifier.Create(
            setting.Options with
            {
                Task = task,
                StepInput = request.StepInput == "differences" ? StepInput.Difference : StepInput.Frame,
                Readout = request.Readout switch { "mean" => Readout.Mean, "step" => Readout.Step, _ => Readout.Last },
                Classes = data.ClassNames,
            },
            options.Seed);
        return new TrainingJob(request, choice.Name, data, setting, model, options);
    });

    /// <summary>
    /// A step of Adam moves a pre-activation over a dense matrix by up to N times the rate, N the values of a frame: at a rate that suits
    /// cores the gates of a large frame saturate at once (5,184 values: 12 % on the GRID digits at 3e-3, 38 % at 1e-4, chance 10 %).
    /// </summary>
    private static TrainingOptions WithRate(TrainingOptions defaults, ModelSetting setting) => setting.Format is DenseFormat
        ? defaults with { LearningRate = Math.Clamp(DenseRate / setting.Input.Network.Modes.Rows, SmallestDenseRate, defaults.LearningRate) }
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
        Seed = request.Seed ?? DefaultSeed,
        MaxThreads = request.Threads ?? defaults.MaxThreads,
        CheckpointInterval = request.CheckpointEvery is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, LongestInterval)) : defaults.CheckpointInterval,
    };

    /// <summary>A validation split that the data brings is kept as it is.</summary>
    private static SequenceData HeldBack(SequenceData data, double part, ulong seed) =>
        part == 0 || data.ValidationIndices.Length > 0 ? data : data.SplitValidation(part, seed);
}
