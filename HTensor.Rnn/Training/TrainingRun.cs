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
    private const ulong ShuffleStreams = 1000;

    private readonly SequenceClassifier _model;
    private readonly SequenceSet _train;
    private readonly SequenceSet? _validation;
    private readonly TrainingOptions _options;
    private readonly ThreadTeam _team;
    private readonly ClassifierNetwork<float> _network;
    private readonly AdamW<float> _optimizer;
    private readonly GradientNorm<float> _norm = new();
    private readonly LearningRateSchedule _schedule;
    private readonly ParameterSet<float> _best;
    private readonly Evaluator? _evaluator;
    private readonly int[] _order;
    private readonly int _stepsPerEpoch;
    private readonly StepTimes _times;
    private readonly List<EpochResult> _epochs = [];
    private TrainingState _state = new();

    public TrainingRun(SequenceClassifier model, SequenceSet train, SequenceSet? validation, TrainingOptions options, ThreadTeam team)
    {
        (_model, _train, _options, _team) = (model, train, options, team);
        _validation = validation is { Count: > 0 } ? validation : null;
        _stepsPerEpoch = (train.Count + options.BatchSize - 1) / options.BatchSize;
        var steps = checked((long)_stepsPerEpoch * options.Epochs);
        _optimizer = new AdamW<float>(model.Parameters, new AdamWOptions { WeightDecay = options.WeightDecay });
        _schedule = LearningRateSchedule.Cosine(options.LearningRate, steps, Math.Min(options.WarmupSteps, steps / 10));
        _best = new ParameterSet<float>(model.Layout.Parameters);
        if (options.ResumeFrom is { } checkpoint) _state = Checkpoint.Read(checkpoint, model, _best, _optimizer, options, train.Count);
        else model.Scaling = FrameScaling.Measure(train.Source, train.Samples.Span);
        var batch = new LaneBatch<float>(Math.Min(options.BatchSize, train.Count), train.Source.Steps, model.Layout.FrameSize, train.Source.Element, model.Scaling);
        _network = new ClassifierNetwork<float>(model.Layout, model.Parameters, batch, TapePurpose.Training, options.Dropout, options.Seed);
        if (_validation is not null) _evaluator = new Evaluator(model, _validation.Source, options.BatchSize);
        _order = new int[train.Count];
        _times = new StepTimes(checked((int)(steps - _state.Step)));
    }

    public TrainingHistory Run(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (_state.Epoch < _options.Epochs) RunEpoch(progress, cancellation);
        _model.Parameters.CopyFrom(_best);
        return new TrainingHistory(_epochs, _state.BestEpoch, Stopwatch.GetElapsedTime(start).TotalSeconds, _times.MedianMilliseconds);
    }

    private void RunEpoch(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var (start, epoch) = (Stopwatch.GetTimestamp(), _state.Epoch + 1);
        _train.Samples.Span.CopyTo(_order);
        new Philox(_options.Seed, ShuffleStreams + (ulong)epoch).Shuffle(_order);
        for (var step = (int)(_state.Step - (long)_state.Epoch * _stepsPerEpoch); step < _stepsPerEpoch; step++)
        {
            if (cancellation.IsCancellationRequested)
            {
                SaveCheckpoint();
                cancellation.ThrowIfCancellationRequested();
            }

            var before = Stopwatch.GetTimestamp();
            var first = step * _options.BatchSize;
            RunStep(_order.AsMemory(first, Math.Min(_options.BatchSize, _order.Length - first)));
            _times.Add(Stopwatch.GetElapsedTime(before));
            progress?.Report(new TrainingProgress(epoch, _options.Epochs, step + 1, _stepsPerEpoch, _state.LossSum / Math.Min(first + _options.BatchSize, _order.Length), null));
        }

        var result = EndEpoch(epoch, start, cancellation);
        progress?.Report(new TrainingProgress(epoch, _options.Epochs, _stepsPerEpoch, _stepsPerEpoch, result.TrainLoss, result));
    }

    private void RunStep(ReadOnlyMemory<int> samples)
    {
        var step = _state.Step;
        _network.Batch.Load(_train.Source, samples, _team);
        _network.Dropout.Step = step;
        _network.Tape.Forward(_team);
        var loss = _network.Loss.Value.Span[0];
        if (!float.IsFinite(loss)) throw Diverged($"loss is {loss}", _model.Parameters.Values);
        _network.Tape.Backward(_network.Loss, _team);
        var gradients = _network.Tape.ParameterGradients;
        var norm = _norm.Of(gradients, _team);
        if (!double.IsFinite(norm)) throw Diverged($"gradient's norm is {norm}", gradients.Span);
        _optimizer.Step(_model.Parameters, gradients, _schedule.At(step), GradientClipping.Scale(norm, _options.ClipNorm), _team);
        _state = _state with { Step = step + 1, LossSum = _state.LossSum + (double)loss * samples.Length };
    }

    private EpochResult EndEpoch(int epoch, long start, CancellationToken cancellation)
    {
        var trainLoss = _state.LossSum / _train.Count;
        var evaluation = Validate(cancellation);
        var result = new EpochResult(epoch, trainLoss, evaluation?.Loss, evaluation?.Accuracy, Stopwatch.GetElapsedTime(start).TotalSeconds);
        _epochs.Add(result);
        _state = _state with { Epoch = epoch, LossSum = 0 };
        if (_state.IsBest(evaluation))
        {
            _state = _state with { BestEpoch = epoch, BestAccuracy = evaluation?.Accuracy ?? 0, BestLoss = evaluation?.Loss ?? trainLoss };
            _best.CopyFrom(_model.Parameters);
            if (_options.BestModelPath is { } path) _model.Save(path);
        }

        SaveCheckpoint();
        return result;
    }

    private Evaluation? Validate(CancellationToken cancellation)
    {
        try
        {
            return _evaluator?.Run(_validation!, _team, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The epoch's steps are done: a resumed run begins with the validation.
            SaveCheckpoint();
            throw;
        }
    }

    private void SaveCheckpoint()
    {
        if (_options.CheckpointPath is { } path) Checkpoint.Write(path, _model, _best, _optimizer, _options, _train.Count, _state);
    }

    private TrainingDivergedException Diverged(string what, ReadOnlySpan<float> values)
    {
        var parameter = Autodiff.NonFinite.First(_model.Parameters, values);
        return new TrainingDivergedException($"step {_state.Step + 1}: {what}; {(parameter is null ? "all parameters are finite" : $"the first parameter that is not finite: {parameter.Name}")}");
    }
}
