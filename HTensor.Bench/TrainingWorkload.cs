using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>One training step of an LSTM classifier, again and again over the first samples of a source: reading, forward, backward, clipping, AdamW.</summary>
internal sealed class TrainingWorkload
{
    private readonly ThreadTeam _team;
    private readonly ISequenceSource _source;
    private readonly int[] _samples;
    private readonly ParameterSet<float> _parameters;
    private readonly ClassifierNetwork<float> _network;
    private readonly AdamW<float> _optimizer;
    private readonly GradientNorm<float> _norm = new();

    public TrainingWorkload(ModelOptions options, ISequenceSource source, int batchSize, ThreadTeam team)
    {
        (_team, _source, _samples) = (team, source, [.. Enumerable.Range(0, batchSize)]);
        Layout = new ClassifierLayout(options);
        _parameters = new ParameterSet<float>(Layout.Parameters);
        ClassifierInitializer.Fill(Layout, _parameters, 1);
        var batch = new LaneBatch<float>(batchSize, source.Steps, Layout.FrameSize, source.Element, new FrameScaling([110], [60]));
        _network = new ClassifierNetwork<float>(Layout, _parameters, batch, TapePurpose.Training);
        _optimizer = new AdamW<float>(_parameters);
    }

    public ClassifierLayout Layout { get; }

    public void Run()
    {
        _network.Batch.Load(_source, _samples, _team);
        _network.Tape.Forward(_team);
        _network.Tape.Backward(_network.Loss, _team);
        var gradients = _network.Tape.ParameterGradients;
        _optimizer.Step(_parameters, gradients, 1e-4, GradientClipping.Scale(_norm.Of(gradients, _team), 5), _team);
    }
}
