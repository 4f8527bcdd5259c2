using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>Runs a model forward over samples, batch after batch, on one recorded tape. A sample's bits do not depend on its batch.</summary>
internal sealed class Evaluator
{
    private readonly ClassifierNetwork<float> _network;
    private readonly int _classes;

    public Evaluator(SequenceClassifier model, ISequenceSource source, int batchSize)
    {
        var batch = new LaneBatch<float>(batchSize, source.Steps, model.Layout.FrameSize, source.Element, model.Scaling);
        _network = new ClassifierNetwork<float>(model.Layout, model.Parameters, batch, TapePurpose.Inference);
        _classes = model.Options.Classes.Count;
    }

    public Evaluation Run(SequenceSet samples, ThreadTeam team, CancellationToken cancellation)
    {
        var probabilities = new float[samples.Count * _classes];
        var loss = Predict(samples, probabilities, team, cancellation);
        var labels = new int[samples.Count];
        var predictions = new int[samples.Count];
        for (var i = 0; i < samples.Count; i++)
        {
            labels[i] = samples.Source.Label(samples.Samples.Span[i]);
            predictions[i] = MostProbable(probabilities.AsSpan(i * _classes, _classes));
        }

        return new Evaluation(loss, labels, predictions);
    }

    /// <summary>Fills [samples, classes] and gives the mean loss.</summary>
    public double Predict(SequenceSet samples, Span<float> probabilities, ThreadTeam team, CancellationToken cancellation)
    {
        var (batch, loss) = (_network.Batch, 0.0);
        for (var first = 0; first < samples.Count; first += batch.Capacity)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(batch.Capacity, samples.Count - first);
            batch.Load(samples.Source, samples.Samples.Slice(first, count), team);
            _network.Tape.Forward(team);
            loss += (double)_network.Loss.Value.Span[0] * count;
            for (var i = 0; i < count; i++) _network.CopyProbabilities(i, probabilities.Slice((first + i) * _classes, _classes));
        }

        return loss / Math.Max(1, samples.Count);
    }

    private static int MostProbable(ReadOnlySpan<float> probabilities)
    {
        var best = 0;
        for (var c = 1; c < probabilities.Length; c++) best = probabilities[c] > probabilities[best] ? c : best;
        return best;
    }
}
