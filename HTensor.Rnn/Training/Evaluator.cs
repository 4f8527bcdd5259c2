using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// Runs a model forward over samples, batch after batch, on one recorded tape. Batches have one size for every caller, because the plan of
/// the contraction follows from it: so a sample's bits depend neither on the samples beside it nor on who asks.
/// </summary>
internal sealed class Evaluator
{
    private const int BatchSize = 32;

    private readonly ClassifierNetwork<float> _network;
    private readonly ModelOptions _options;
    private readonly int _outputs, _steps;
    private readonly bool _everyStep;

    public Evaluator(SequenceClassifier model, ISequenceSource source)
    {
        var batch = new LaneBatch<float>(BatchSize, source.Steps, model.Layout.FrameSize, source.Element, model.Scaling);
        _network = new ClassifierNetwork<float>(model.Layout, model.Parameters, batch, TapePurpose.Inference);
        (_options, _outputs, _steps) = (model.Layout.Options, model.Layout.Outputs, source.Steps);
        _everyStep = model.Layout.PredictsSteps;
    }

    /// <summary>Loss and predictions of one sample or more, labelled where the task asks for labels.</summary>
    public Evaluation Evaluate(SequenceSet samples, ThreadTeam team, CancellationToken cancellation)
    {
        var (labels, predictions, loss, all) = (new List<int>(samples.Count), new List<int>(samples.Count), 0.0, 0);
        for (var first = 0; first < samples.Count; first += BatchSize)
        {
            var count = Load(samples, first, team, cancellation);
            _network.Tape.Forward(team);
            var weight = _network.Head.Predictions;
            loss += (double)_network.Loss.Value.Span[0] * weight;
            all += weight;
            for (var i = 0; i < count; i++) Classify(i, labels, predictions);
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
            _network.Batch.ForgetLabels();
            _network.Tape.Forward(team);
            for (var i = 0; i < count; i++)
            {
                var length = _network.Batch.Lengths[i];
                for (var step = _everyStep ? 0 : length - 1; step < length; step++)
                    _network.Head.Copy(i, step, probabilities.AsSpan((first + i) * size + (_everyStep ? step * _outputs : 0), _outputs));
            }
        }

        return probabilities;
    }

    /// <summary>Adds what is true of a sample's predictions, and what is predicted.</summary>
    private void Classify(int sample, List<int> labels, List<int> predictions)
    {
        if (_options.Task is SequenceTask.NextNotes or SequenceTask.Regression) return;
        Span<float> probabilities = _outputs <= 256 ? stackalloc float[_outputs] : new float[_outputs];
        var length = _network.Batch.Lengths[sample];
        for (var step = _everyStep ? 0 : length - 1; step < length; step++)
        {
            var label = _network.Head.Labels.Span[_network.Head.UnitOf(sample, step) * LaneBlock.Width + sample % LaneBlock.Width];
            if (label < 0) continue;
            _network.Head.Copy(sample, step, probabilities);
            labels.Add(label);
            predictions.Add(MostProbable(probabilities));
        }
    }

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
