using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// Runs a model forward over samples, batch after batch, on one recorded tape. Batches have one size for every caller, because the plan of
/// the contraction follows from it: so a sample's bits depend neither on the samples beside it nor on who asks. Where a model predicts at every
/// step and reads forward alone, long sequences are read window after window, states carried: memory does not grow with their length.
/// </summary>
internal sealed class Evaluator
{
    public const int BatchSize = 32;
    private const int Window = 256;

    private readonly ClassifierNetwork<float> _network;
    private readonly ModelOptions _options;
    private readonly int _outputs, _steps;
    private readonly bool _everyStep;
    private readonly List<int>[] _labels = Lists(), _predictions = Lists();

    public Evaluator(SequenceClassifier model, ISequenceSource source)
    {
        (_options, _outputs, _steps) = (model.Layout.Options, model.Layout.Outputs, source.Steps);
        _everyStep = model.Layout.PredictsSteps;
        var window = _options is { Readout: Readout.Step, Direction: Direction.Forward, StepInput: StepInput.Frame } ? Window : (int?)null;
        var batch = new LaneBatch<float>(BatchSize, source.Steps, model.Layout.FrameSize, source.Element, model.Scaling, window);
        var carried = batch.Windows > 1 ? new CarriedStates<float>(model.Layout, batch.Groups) : null;
        _network = new ClassifierNetwork<float>(model.Layout, model.Parameters, batch, TapePurpose.Inference, carried: carried);
    }

    /// <summary>Loss and predictions of one sample or more, labelled where the task asks for labels.</summary>
    public Evaluation Evaluate(SequenceSet samples, ThreadTeam team, CancellationToken cancellation)
    {
        var (labels, predictions, loss, all) = (new List<int>(samples.Count), new List<int>(samples.Count), 0.0, 0);
        for (var first = 0; first < samples.Count; first += BatchSize)
        {
            var count = Load(samples, first, team, cancellation);
            for (var window = 0; Shows(window, cancellation); window++)
            {
                _network.Tape.Forward(team);
                var weight = _network.Head.Predictions;
                loss += (double)_network.Loss.Value.Span[0] * weight;
                all += weight;
                for (var i = 0; i < count; i++) Classify(i);
            }

            for (var i = 0; i < count; i++) Move(i, labels, predictions);
        }

        return new Evaluation(loss / Math.Max(1, all), labels, predictions) { Count = _options.Task == SequenceTask.Class ? samples.Count : all };
    }

    /// <summary>Class probabilities, [samples, classes] row-major; labels are not looked at. At every step, [samples, steps, outputs], 0 behind a sample's length.</summary>
    public float[] Predict(SequenceSet samples, ThreadTeam team, CancellationToken cancellation)
    {
        var size = _everyStep ? checked(_steps * _outputs) : _outputs;
        var probabilities = new float[checked(samples.Count * size)];
        for (var first = 0; first < samples.Count; first += BatchSize)
        {
            var count = Load(samples, first, team, cancellation);
            for (var window = 0; Shows(window, cancellation); window++)
            {
                _network.Batch.ForgetLabels();
                _network.Tape.Forward(team);
                for (var i = 0; i < count; i++) Copy(i, probabilities.AsSpan((first + i) * size, size));
            }
        }

        return probabilities;
    }

    /// <summary>The shown steps' probabilities of a sample, [steps, outputs], or those of its last step where that is shown.</summary>
    private void Copy(int sample, Span<float> probabilities)
    {
        var batch = _network.Batch;
        for (var step = FirstRead(sample); step < batch.Lengths[sample]; step++)
            _network.Head.Copy(sample, step, _everyStep ? probabilities.Slice((batch.FirstStep + step) * _outputs, _outputs) : probabilities);
    }

    /// <summary>The first step of the window that is read out: the last of the sample where one is all.</summary>
    private int FirstRead(int sample)
    {
        var (batch, length) = (_network.Batch, _network.Batch.Lengths[sample]);
        return _everyStep ? 0 : length == 0 || batch.Has(sample, length) ? length : length - 1;
    }

    /// <summary>Shows a window of the loaded samples; false where none of them reaches it. The first is shown already.</summary>
    private bool Shows(int window, CancellationToken cancellation)
    {
        var batch = _network.Batch;
        if (window >= batch.Windows) return false;
        cancellation.ThrowIfCancellationRequested();
        if (window > 0) batch.Show(window);
        return batch.IsAnyActive;
    }

    /// <summary>Adds what is true of a sample's predictions, and what is predicted.</summary>
    private void Classify(int sample)
    {
        if (_options.Task is SequenceTask.NextNotes or SequenceTask.Regression) return;
        Span<float> probabilities = _outputs <= 256 ? stackalloc float[_outputs] : new float[_outputs];
        for (var step = FirstRead(sample); step < _network.Batch.Lengths[sample]; step++)
        {
            var label = _network.Head.Labels.Span[_network.Head.UnitOf(sample, step) * LaneBlock.Width + sample % LaneBlock.Width];
            if (label < 0) continue;
            _network.Head.Copy(sample, step, probabilities);
            _labels[sample].Add(label);
            _predictions[sample].Add(MostProbable(probabilities));
        }
    }

    private void Move(int sample, List<int> labels, List<int> predictions)
    {
        labels.AddRange(_labels[sample]);
        predictions.AddRange(_predictions[sample]);
        _labels[sample].Clear();
        _predictions[sample].Clear();
    }

    private static List<int>[] Lists() => [.. Enumerable.Range(0, BatchSize).Select(_ => new List<int>())];

    private int Load(SequenceSet samples, int first, ThreadTeam team, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var count = Math.Min(BatchSize, samples.Count - first);
        _network.Batch.Load(samples.Source, samples.Samples.Slice(first, count), team);
        return count;
    }

    private static int MostProbable(ReadOnlySpan<float> probabilities)
    {
        var best = 0;
        for (var c = 1; c < probabilities.Length; c++) best = probabilities[c] > probabilities[best] ? c : best;
        return best;
    }
}
