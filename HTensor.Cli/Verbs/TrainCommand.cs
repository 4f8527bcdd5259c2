using System.CommandLine;

namespace HTensor.Cli;

/// <summary><c>htensor train [DATA.npz]</c>.</summary>
internal sealed class TrainCommand
{
    private readonly Argument<string?> _data = FileArguments.OptionalData($"sequences: {DataFiles.Kinds}; left out: generated video");
    private readonly ModelArguments _model = new();
    private readonly Option<string?> _task =
        Parse.Choice("--task", "what is predicted: the sequence's class (default), the next frame of notes, the next symbol, numbers", TaskChoice.Names);
    private readonly Option<string?> _readout =
        Parse.Choice("--readout", "the class from the last valid step (default), the mean of all, or at every step", "last", "mean", "step");
    private readonly Option<int?> _window = Parse.Integer("--window", "predictions of a window: of symbols, default 128; of training pieces of notes, default whole pieces", 2);
    private readonly Option<int?> _truncateSteps =
        Parse.Integer("--truncate-steps", "back-propagate through so many steps and carry the states on: for long sequences", 1);
    private readonly Option<int?> _epochs = Parse.Integer("--epochs", "times over the training split", 1);
    private readonly Option<int?> _batch = Parse.Integer("--batch", "sequences a step", 1);
    private readonly Option<double?> _learningRate =
        Parse.Real("--learning-rate", "the optimizer's largest step, default 0.01; where the input matrix is dense 0.5 over a frame's values, at most 0.003", "a number above 0", x => x > 0);
    private readonly Option<double?> _weightDecay =
        Parse.Real("--weight-decay", "decoupled weight decay", "a number of at least 0", x => x >= 0);
    private readonly Option<double?> _dropout =
        Parse.Real("--dropout", "part of the read-out dropped while training", "a number from 0 to below 1", x => x is >= 0 and < 1);
    private readonly Option<double?> _recurrentDropout =
        Parse.Real("--recurrent-dropout", "part of the states dropped before the recurrent matrix", "a number from 0 to below 1", x => x is >= 0 and < 1);
    private readonly Option<double?> _inputDropout =
        Parse.Real("--input-dropout", "part of a frame's values dropped while training, the same at all steps", "a number from 0 to below 1", x => x is >= 0 and < 1);
    private readonly Option<int?> _shift = Parse.Integer("--shift", "most pixels by which training frames move, edges repeated", 0);
    private readonly Option<double?> _flip =
        Parse.Real("--flip", "part of the training samples mirrored left to right", "a number from 0 to 1", x => x is >= 0 and <= 1);
    private readonly Option<double?> _brightness =
        Parse.Real("--brightness", "largest amount added to a training sample, in deviations of its channel", "a number of at least 0", x => x >= 0);
    private readonly Option<int?> _timeJitter = Parse.Integer("--time-jitter", "most steps by which training samples are late or early", 0);
    private readonly Option<double?> _labelSmoothing =
        Parse.Real("--label-smoothing", "part of a label spread over all classes while training", "a number from 0 to below 1", x => x is >= 0 and < 1);
    private readonly Option<bool> _groupByLength = Parse.Flag("--group-by-length", "batches of similar lengths: quicker where lengths differ much");
    private readonly Option<double?> _averaging =
        Parse.Real("--averaging", "part of the weights' moving average that stays at a step; the average is judged and kept; default 0: none", "a number from 0 to below 1", x => x is >= 0 and < 1);
    private readonly Option<int?> _warmup = Parse.Integer("--warmup", "steps over which the learning rate rises, default 100, at most a tenth of all", 0);
    private readonly Option<string?> _stepInput =
        Parse.Choice("--step-input", "what the cell reads: frames (default), or their differences from step to step", "frames", "differences");
    private readonly Option<double?> _clip =
        Parse.Real("--clip", "largest norm of the gradient, 0 for none", "a number of at least 0", x => x >= 0);
    private readonly Option<string?> _classWeights =
        Parse.Choice("--class-weights", "balanced: rare classes count as much in the loss as frequent ones; default none", "none", "balanced");
    private readonly Option<double?> _validation =
        Parse.Real("--validation", "part of the training split held back, default 0.1", "a number from 0 to below 1", x => x is >= 0 and < 1);
    private readonly Option<FrameSize?> _resize =
        Parse.Optional<FrameSize>("--resize", "WxH", "resize frames to width x height", FrameSize.Expected, FrameSize.TryParse);
    private readonly Option<ulong?> _seed = CommonOptions.Seed("same seed, same bits; default 1");
    private readonly Option<int?> _threads =
        Parse.Integer("--threads", "threads, default one a core; the result has the same bits on any number", 1);
    private readonly Option<double?> _checkpointEvery =
        Parse.Real("--checkpoint-every", "seconds after which a checkpoint is written within an epoch, too, default 60; 0: after every step", "a number of at least 0", x => x >= 0);
    private readonly Option<string?> _init = Parse.Text("--init", "MODEL", "start from the weights of this model file or run; without model options it says what is trained");
    private readonly Option<string?> _resume = Parse.Text("--resume", "RUN", "go on with the training of this run folder");
    private readonly Option<string?> _out = Parse.Text("--out", "RUN", "the run folder, default runs/ and the time");

    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var parts = new TrainCommand();
        var command = new Verb("train", "Trains a recurrent classifier.",
            "# the HT-LSTM of 1,245 input parameters on generated video",
            "digits.npz --format ht --rank 4 --inner-rank 5 --epochs 30 --out runs/digits",
            "digits.npz --preset ht-lstm-ucf11 --resize 160x120 --seed 2 --json",
            "text.npz --task next-symbol --format dense --layers 2 --batch 32 --truncate-steps 128",
            "digits.npz --init runs/digits --learning-rate 3e-4  # trains a model on",
            "--resume runs/digits  # goes on with a run that was stopped, to the same bits")
        {
            parts._data,
        };
        parts._model.AddTo(command);
        foreach (var option in parts.Options()) command.Add(option);
        command.SetAction(result => verbs.Train(parts.Read(result), io));
        return command;
    }

    private Option[] Options() =>
    [
        _task, _readout, _window, _truncateSteps, _epochs, _batch, _learningRate, _weightDecay, _dropout, _recurrentDropout, _inputDropout, _labelSmoothing, _averaging, _groupByLength, _warmup,
        _shift, _flip, _brightness, _timeJitter, _stepInput, _clip, _classWeights, _validation, _resize, _seed, _threads, _checkpointEvery, _init, _resume, _out,
    ];

    private TrainRequest Read(ParseResult result) => new()
    {
        Data = result.GetValue(_data),
        Model = _model.Read(result),
        Task = result.GetValue(_task),
        Readout = result.GetValue(_readout),
        Window = result.GetValue(_window),
        TruncateSteps = result.GetValue(_truncateSteps),
        Epochs = result.GetValue(_epochs),
        Batch = result.GetValue(_batch),
        LearningRate = result.GetValue(_learningRate),
        WeightDecay = result.GetValue(_weightDecay),
        Dropout = result.GetValue(_dropout),
        RecurrentDropout = result.GetValue(_recurrentDropout),
        InputDropout = result.GetValue(_inputDropout),
        Shift = result.GetValue(_shift),
        Flip = result.GetValue(_flip),
        Brightness = result.GetValue(_brightness),
        TimeJitter = result.GetValue(_timeJitter),
        LabelSmoothing = result.GetValue(_labelSmoothing),
        Averaging = result.GetValue(_averaging),
        GroupByLength = result.GetValue(_groupByLength) ? true : null,
        Warmup = result.GetValue(_warmup),
        StepInput = result.GetValue(_stepInput),
        Clip = result.GetValue(_clip),
        ClassWeights = result.GetValue(_classWeights),
        Validation = result.GetValue(_validation),
        Resize = result.GetValue(_resize),
        Seed = result.GetValue(_seed),
        Threads = result.GetValue(_threads),
        CheckpointEvery = result.GetValue(_checkpointEvery),
        Init = result.GetValue(_init),
        Resume = result.GetValue(_resume),
        Out = result.GetValue(_out),
    };
}
