using System.Numerics;
using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>The trainer's own step of an LSTM classifier, again and again over the first samples of a source.</summary>
internal sealed class TrainingWorkload<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double ClipNorm = 5;
    private const double LearningRate = 1e-4;

    private readonly ThreadTeam _team;
    private readonly ISequenceSource _source;
    private readonly int[] _samples;
    private readonly TrainingStep<T> _step;
    private long _steps;

    public TrainingWorkload(ModelOptions options, ISequenceSource source, int batchSize, ThreadTeam team)
    {
        (_team, _source, _samples) = (team, source, [.. Enumerable.Range(0, batchSize)]);
        Layout = new ClassifierLayout(options);
        var parameters = new ParameterSet<T>(Layout.Parameters);
        Initialize(parameters);
        var batch = new LaneBatch<T>(batchSize, source.Steps, Layout.FrameSize, source.Element, new FrameScaling([110], [60]));
        var network = new ClassifierNetwork<T>(Layout, parameters, batch, TapePurpose.Training);
        _step = new TrainingStep<T>(parameters, network, new AdamW<T>(parameters), ClipNorm);
    }

    public ClassifierLayout Layout { get; }

    public void Run() => _step.Run(_source, _samples, _steps++, LearningRate, _team);

    /// <summary>As the trainer does, which trains floats.</summary>
    private void Initialize(ParameterSet<T> parameters)
    {
        var singles = new ParameterSet<float>(Layout.Parameters);
        ClassifierInitializer.Fill(Layout, singles, 1);
        for (var i = 0; i < singles.Length; i++) parameters.Values[i] = T.CreateChecked(singles.Values[i]);
    }
}
