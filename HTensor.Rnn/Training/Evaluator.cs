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
    private readonly int _classes;

    public Evaluator(SequenceClassifier model, ISequenceSource source)
    {
        var batch = new LaneBatch<float>(BatchSize, source.Steps, model.Layout.FrameSize, source.Element, model.Scaling);
        _network = new ClassifierNetwork<float>(model.Layout, model.Parameters, batch, TapePurpose.Inference);
        _classes = model.Options.Classes.Count;
    }

    /// <summary>Loss and predictions of one labelled sample or more.</summary>
    public Evaluation Evaluate(SequenceSet samples, ThreadTeam team, CancellationToken cancellation)
    {
        var probabilities = new float[_classes];
        var (labels, predictions, loss) = (new int[samples.Count], new int[samples.Count], 0.0);
        for (var first = 0; first < samples.Count; first += BatchSize)
        {
            var count = Load(samples, first, team, cancellation);
            _network.Tape.Forward(team);
            loss += (double)_network.Loss.Value.Span[0] * count;
            for (var i = 0; i < count; i++)
            {
                _network.CopyProbabilities(i, probabilities);
                predictions[first + i] = MostProbable(probabilities);
                labels[first + i] = samples.Source.Label(samples.Samples.Span[first + i]);
            }
        }

        return new Evaluation(loss / samples.Count, labels, predictions);
    }

    /// <summary>Class probabilities, [samples, classes] row-major; labels are not looked at.</summary>
    public float[] Predict(SequenceSet samples, ThreadTeam team, CancellationToken cancellation)
    {
        var probabilities = new float[checked(samples.Count * _classes)];
        for (var first = 0; first < samples.Count; first += BatchSize)
        {
            var count = Load(samples, first, team, cancellation);
            _network.Batch.ForgetLabels();
            _network.Tape.Forward(team);
            for (var i = 0; i < count; i++) _network.CopyProbabilities(i, probabilities.AsSpan((first + i) * _classes, _classes));
        }

        return probabilities;
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
