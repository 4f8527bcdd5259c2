using HTensor.Rnn;
using ModelOptions = HTensor.Rnn.ModelOptions;

namespace HTensor.Cli;

/// <summary>A training request with everything in it resolved: the data, the model, how it is trained. Nothing has been written yet.</summary>
internal sealed record TrainingJob(TrainRequest Asked, string DataName, SequenceData Data, ModelSetting Setting, SequenceClassifier Model, TrainingOptions Options)
{
    private const double Validation = 0.1;
    public const ulong DefaultSeed = 1;

    /// <exception cref="RequestException">A part is wrong or does not fit another; the message says which.</exception>
    public static TrainingJob Prepare(TrainRequest request, DefaultVideo video) => Request.Check(() =>
    {
        var choice = new DataChoice(request.Data, request.Resize, request.Seed ?? DefaultSeed);
        var options = Training(request, request.Data is null ? video.Training : new TrainingOptions());
        var data = HeldBack(choice.Load(video), request.Validation ?? Validation, options.Seed);
        var setting = ModelResolution.ForTraining(request.Model, data.FrameShape);
        var model = SequenceClassifier.Create(
            new ModelOptions
            {
                InputModes = setting.InputModes,
                HiddenModes = setting.HiddenModes,
                Gates = setting.Gates,
                InputWeights = setting.Format,
                Readout = request.Readout == "mean" ? Readout.Mean : Readout.Last,
                Classes = data.ClassNames,
            },
            options.Seed);
        return new TrainingJob(request, choice.Name, data, setting, model, options);
    });

    /// <summary>What was not said is as <paramref name="defaults"/> have it.</summary>
    private static TrainingOptions Training(TrainRequest request, TrainingOptions defaults) => defaults with
    {
        Epochs = request.Epochs ?? defaults.Epochs,
        BatchSize = request.Batch ?? defaults.BatchSize,
        LearningRate = request.LearningRate ?? defaults.LearningRate,
        WeightDecay = request.WeightDecay ?? defaults.WeightDecay,
        Dropout = request.Dropout ?? defaults.Dropout,
        ClipNorm = request.Clip ?? defaults.ClipNorm,
        Seed = request.Seed ?? DefaultSeed,
        Threads = request.Threads ?? defaults.Threads,
    };

    /// <summary>A validation split that the data brings is kept as it is.</summary>
    private static SequenceData HeldBack(SequenceData data, double part, ulong seed) =>
        part == 0 || data.ValidationIndices.Length > 0 ? data : data.SplitValidation(part, seed);
}
