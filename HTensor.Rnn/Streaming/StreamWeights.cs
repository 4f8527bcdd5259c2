using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// The weights of a model as streams read them: a copy, products of weights alone made and packed once. Immutable, so that any number of
/// streams on any number of threads share it; what a step needs besides is lent by <see cref="Rent"/>.
/// </summary>
internal sealed class StreamWeights
{
    private readonly Lock _lock = new();
    private readonly Stack<StreamScratch> _free = new();
    private readonly string _sha256;
    private readonly FrameScaling _scaling;

    /// <exception cref="NotSupportedException">The model reads sequences backwards, too.</exception>
    public StreamWeights(SequenceClassifier model, string sha256)
    {
        if (model.Options.Direction == Direction.Bidirectional)
            throw new NotSupportedException("stream: expected a model that reads forward, found a bidirectional one, which needs the whole sequence");
        (Layout, _sha256, _scaling) = (model.Layout, sha256, model.Scaling);
        var parameters = new ParameterSet<float>(Layout.Parameters);
        parameters.CopyFrom(model.Parameters);
        Layers = [.. Layout.Layers.Select(directions => new StreamLayer(parameters, directions[0]))];
        Front = Layout.Options.Front is { } front ? new StreamFront(parameters, front, Layers[0].Layout.Inputs) : null;
        if (Layout.Readout is not null) (Readout, ReadoutBias) = (parameters[ClassifierLayout.ReadoutName].Memory, parameters[ClassifierLayout.ReadoutBiasName].Memory);
        (Scale, Shift) = _scaling.Coefficients<float>();
    }

    public ClassifierLayout Layout { get; }

    /// <summary>Before the first layer; null: nothing.</summary>
    public StreamFront? Front { get; }

    public StreamLayer[] Layers { get; }

    public float[] Scale { get; }

    public float[] Shift { get; }

    /// <summary>[H, outputs]; empty where the states are the outputs.</summary>
    public ReadOnlyMemory<float> Readout { get; }

    /// <summary>[outputs]</summary>
    public ReadOnlyMemory<float> ReadoutBias { get; }

    /// <summary>Whether the first layer reads differences of frames.</summary>
    public bool ReadsDifferences => Layout.Options.StepInput == StepInput.Difference;

    public int Outputs => Layout.Outputs;

    public bool ReadsMean => Layout.Options.Readout == HTensor.Rnn.Readout.Mean;

    /// <summary>Whether a model still has these weights and this scaling.</summary>
    public bool AreThoseOf(SequenceClassifier model, string sha256) =>
        sha256 == _sha256 && _scaling.Mean.AsSpan().SequenceEqual(model.Scaling.Mean) && _scaling.Deviation.AsSpan().SequenceEqual(model.Scaling.Deviation);

    /// <summary>Scratch for one step; there are as many as steps ran at the same time.</summary>
    public StreamScratch Rent()
    {
        lock (_lock)
        {
            if (_free.TryPop(out var scratch)) return scratch;
        }

        return new StreamScratch(this);
    }

    public void Return(StreamScratch scratch)
    {
        lock (_lock) _free.Push(scratch);
    }
}
