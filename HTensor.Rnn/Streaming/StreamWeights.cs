using HTensor.Autodiff;
using HTensor.Core;
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
    private readonly ParameterSet<float> _parameters;
    private readonly string _weights;
    private readonly FrameScaling _scaling;

    public StreamWeights(SequenceClassifier model, string sha256)
    {
        (Layout, _weights, _scaling) = (model.Layout, sha256, model.Scaling);
        _parameters = new ParameterSet<float>(Layout.Parameters);
        _parameters.CopyFrom(model.Parameters);
        var input = Layout.Input;
        Cores = [.. Enumerable.Range(0, input.Network.Cores.Count).Select(core => _parameters[Layout.InputName(core)].Memory)];
        Input = new SampleContraction(input.Network, Cores, input.OutputOffsets);
        (Scale, Shift) = _scaling.Coefficients<float>();
    }

    public ClassifierLayout Layout { get; }

    /// <summary>The cores of the input matrix.</summary>
    public Memory<float>[] Cores { get; }

    /// <summary>The input matrix for one frame.</summary>
    public SampleContraction Input { get; }

    public float[] Scale { get; }

    public float[] Shift { get; }

    /// <summary>[4 H]</summary>
    public ReadOnlyMemory<float> Bias => _parameters[ClassifierLayout.BiasName].Memory;

    /// <summary>[H, 4 H]</summary>
    public ReadOnlyMemory<float> Recurrent => _parameters[ClassifierLayout.RecurrentName].Memory;

    /// <summary>[H, classes]</summary>
    public ReadOnlyMemory<float> Readout => _parameters[ClassifierLayout.ReadoutName].Memory;

    /// <summary>[classes]</summary>
    public ReadOnlyMemory<float> ReadoutBias => _parameters[ClassifierLayout.ReadoutBiasName].Memory;

    /// <summary>Whether a model still has these weights and this scaling.</summary>
    public bool AreThoseOf(SequenceClassifier model, string sha256) =>
        sha256 == _weights && _scaling.Mean.AsSpan().SequenceEqual(model.Scaling.Mean) && _scaling.Deviation.AsSpan().SequenceEqual(model.Scaling.Deviation);

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
