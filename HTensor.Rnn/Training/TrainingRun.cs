using System.Diagnostics;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// One training under way. Everything that a step depends on is in <see cref="TrainingState"/>, the weights and the optimizer; the order of
/// an epoch's samples and a step's dropout mask are functions of the seed and their number. So a run resumes at any step to the same bits.
/// </summary>
internal sealed class TrainingRun
{
    private readonly SequenceClassifier _model;
    private readonly SequenceSet _train;
    private readonly SequenceSet? _validation;
    private readonly TrainingOptions _options;
    private readonly ThreadTeam _team;
    private readonly TrainingStep<float> _step;
    private readonly AdamW<float> _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly ParameterSet<float> _best;
    private readonly Evaluator? _evaluator;
    private readonly WeightAverage? _average;
    private readonly AugmentedSource? _augmented;
    private readonly ISequenceSource _source;
    private readonly int[] _order;
    private readonly int _batchSize, _stepsPerEpoch, _windows;
    private readonly LaneBatch<float> _batch;
    private readonly ClassifierNetwork<float> _network;
    private readonly CarriedStates<float>? _carried;
    private readonly StepTimes _times;
    private readonly List<EpochResult> _epochs = [];
    private TrainingState _state;
    private long _lastSave = Stopwatch.GetTimestamp();

    public TrainingRun(SequenceClassifier model, SequenceSet train, SequenceSet? validation, TrainingOptions options, ThreadTeam team)
    {
        (_model, _train, _options, _team) = (model, train, options, team);
        _validation = validation is { Count: > 0 } ? validation : null;
        _batchSize = Math.Min(options.BatchSize, train.Count);
        _stepsPerEpoch = Samples.StepsPerEpoch(options);
        _windows = LaneBatch<float>.CountWindows(train.Source.Steps, options.Truncation);
        if (_windows > 1) _carried = new CarriedStates<float>(model.Layout, LaneBlock.Count(_batchSize));
        var steps = checked((long)_stepsPerEpoch * options.Epochs);
        _optimizer = new AdamW<float>(model.Parameters, new AdamWOptions { WeightDecay = options.WeightDecay });
        _schedule = LearningRateSchedule.Cosine(options.LearningRate, steps, Math.Min(options.WarmupSteps, steps / 10));
        _best = new ParameterSet<float>(model.Layout.Parameters);
        if (options.WeightAveraging > 0) _average = new WeightAverage(model, options.WeightAveraging, team.Size);
        if (options.ResumeFrom is { } checkpoint) _state = Checkpoint.Read(checkpoint, model, Weights, options, Samples);
        else if (model.Options.Front?.Kind != FrontKind.Embedding && !Keeps(model, train)) model.Scaling = FrameScaling.Measure(train.Source, train.Samples.Span, model.Options.StepInput);
        if (!options.Augmentation.IsNone) _augmented = new AugmentedSource(train.Source, options.Augmentation, model.Scaling.Deviation, options.Seed);
        _source = _augmented ?? train.Source;
        _batch = new LaneBatch<float>(_batchSize, train.Source.Steps, model.Layout.FrameSize, train.Source.Element, model.Scaling, options.Truncation);
        _network = new ClassifierNetwork<float>(model.Layout, model.Parameters, _batch, TapePurpose.Training,
            new TrainingDropout(options.Dropout, options.RecurrentDropout, options.InputDropout, options.Seed), options.KeptActivationBytes, _carried);
        if (options.ClassWeights is { } weights) _network.Head.ClassWeights = weights.Select(weight => (float)weight).ToArray();
        if (options.LabelSmoothing > 0) _network.Head.LabelSmoothing = options.LabelSmoothing;
        _step = new TrainingStep<float>(model.Parameters, _network, _optimizer, options.ClipNorm);
        if (_validation is not null) _evaluator = new Evaluator(model, _validation.Source);
        _order = new int[train.Count];
        _times = new StepTimes(steps - _state.Step);
    }

    /// <summary>Weights that were trained, here or elsewhere, are weights of frames as they were scaled then.</summary>
    private static bool Keeps(SequenceClassifier model, SequenceSet train) => model.IsScaled && model.Scaling.Channels == FrameScaling.ChannelsOf(train.Source.FrameShape);

    private TrainedWeights Weights => new(_best, _average?.Values, _optimizer, _carried);

    private TrainingSamples Samples => new(_train.Count, _validation?.Count ?? 0, _train.Source.Steps);

    public TrainingHistory Run(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            while (_state.Epoch < _options.Epochs) RunEpoch(progress, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Between steps, in an epoch's validation or from a report: the state is whole at each of these places.
            if (_options.CheckpointPath is not null) _step.RequireFiniteWeights(_state.Step);
            SaveCheckpoint();
            throw;
        }

        _model.Parameters.CopyFrom(_best);
        return new TrainingHistory(_epochs, _state.BestEpoch, Stopwatch.GetElapsedTime(start).TotalSeconds, _times.MedianMilliseconds);
    }

    private void RunEpoch(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var (start, epoch) = (Stopwatch.GetTimestamp(), _state.Epoch + 1);
        EpochOrder.Fill(_order, _train, _options, epoch);
        if (_augmented is not null) _augmented.Epoch = epoch;
        for (var step = (int)(_state.Step - (long)_state.Epoch * _stepsPerEpoch); step < _stepsPerEpoch; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = Stopwatch.GetTimestamp();
            if (RunStep(step)) _times.Add(Stopwatch.GetElapsedTime(before));
            progress?.Report(new TrainingProgress(epoch, _options.Epochs, step + 1, _stepsPerEpoch, _state.LossSum / Math.Max(1, _state.LossWeight), null));
            if (step + 1 < _stepsPerEpoch) SaveOldCheckpoint();
        }

        var result = EndEpoch(epoch, start, cancellation);
        // Before the checkpoint: whoever writes down what is reported then has every epoch that a checkpoint holds.
        progress?.Report(new TrainingProgress(epoch, _options.Epochs, _stepsPerEpoch, _stepsPerEpoch, result.TrainLoss, result));
        SaveCheckpoint();
    }

    /// <summary>False where no sample of the batch reaches the step's window.</summary>
    private bool RunStep(int step)
    {
        var (batch, window) = (step / _windows, step % _windows);
        var samples = _order.AsMemory(batch * _batchSize, Math.Min(_batchSize, _order.Length - batch * _batchSize));
        if (window == 0 || _batch.Count == 0) _batch.Load(_source, samples, _team);
        if (window > 0) _batch.Show(window);
        var weight = _windows == 1 ? samples.Length : _network.Head.Predictions;
        var loss = _step.Run(_state.Step, _schedule.At(_state.Step) * Share(weight), _team);
        _state = _state with { Step = _state.Step + 1, LossSum = _state.LossSum + (double)loss * weight, LossWeight = _state.LossWeight + weight };
        _average?.Add(_state.Step, _team);
        return _batch.IsAnyActive;
    }

    /// <summary>Of a window in which few samples go on, so that no prediction moves the weights more than another.</summary>
    private double Share(int predictions) => _windows == 1 ? 1 : (double)predictions / ((long)_batchSize * _options.Truncation!.Value);

    private EpochResult EndEpoch(int epoch, long start, CancellationToken cancellation)
    {
        _step.RequireFiniteWeights(_state.Step);
        return _average is null ? Judged(epoch, start, cancellation) : _average.Judge(() => Judged(epoch, start, cancellation));
    }

    private EpochResult Judged(int epoch, long start, CancellationToken cancellation)
    {
        var trainLoss = _state.LossSum / Math.Max(1, _state.LossWeight);
        var evaluation = _evaluator?.Evaluate(_validation!, _team, cancellation);
        var result = new EpochResult(epoch, trainLoss, evaluation?.Loss, evaluation is { Labels.Count: > 0 } ? evaluation.Accuracy : null, Stopwatch.GetElapsedTime(start).TotalSeconds);
        _epochs.Add(result);
        _state = _state with { Epoch = epoch, LossSum = 0, LossWeight = 0 };
        if (_state.IsBest(evaluation))
        {
            _state = _state with { BestEpoch = epoch, BestAccuracy = evaluation?.Accuracy ?? 0, BestLoss = evaluation?.Loss ?? trainLoss };
            _best.CopyFrom(_model.Parameters);
            if (_options.BestModelPath is { } path) _model.Save(path);
        }

        return result;
    }

    private void SaveOldCheckpoint()
    {
        if (_options.CheckpointPath is null || Stopwatch.GetElapsedTime(_lastSave) < _options.CheckpointInterval) return;
        _step.RequireFiniteWeights(_state.Step);
        SaveCheckpoint();
    }

    private void SaveCheckpoint()
    {
        if (_options.CheckpointPath is { } path) Checkpoint.Write(path, _model, Weights, _options, Samples, _state);
        _lastSave = Stopwatch.GetTimestamp();
    }
}
