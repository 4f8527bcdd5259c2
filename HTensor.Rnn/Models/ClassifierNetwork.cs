using System.Numerics;
using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>A classifier recorded on a tape for batches of one size: frames, input matrix, LSTM, read-out, logits, loss.</summary>
internal sealed class ClassifierNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SoftmaxCrossEntropyLoss<T> _crossEntropy;
    private readonly int _classes;

    /// <param name="layout">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="batch">Where the frames come from.</param>
    /// <param name="purpose">With gradients or without.</param>
    /// <param name="dropout">Part of the read-out vector that is dropped while training.</param>
    /// <param name="seed">Of the dropout's masks.</param>
    public ClassifierNetwork(ClassifierLayout layout, ParameterSet<T> parameters, LaneBatch<T> batch, TapePurpose purpose, double dropout = 0, ulong seed = 0)
    {
        (Batch, _classes) = (batch, layout.Options.Classes.Count);
        var units = checked(batch.Groups * batch.Steps);
        var input = layout.Input;
        Tape = new Tape<T>(parameters, purpose);
        var cores = Enumerable.Range(0, input.Network.Cores.Count).Select(core => Tape.Parameter(layout.InputName(core))).ToArray();
        var contraction = LaneContraction.Create<T>(input.Network, units, input.OutputOffsets);
        var z = Tape.Record(new LaneLinear<T>("input", input.Network, contraction, units, batch), cores);
        var biased = Tape.Record(new AddBias<T>("input bias"), z, Tape.Parameter(ClassifierLayout.BiasName));
        var h = Tape.Record(new LstmLayer<T>("lstm", batch, layout.Hidden), biased, Tape.Parameter(ClassifierLayout.RecurrentName));
        var read = Tape.Record(new StepReadout<T>("readout", batch, layout.Options.Readout), h);
        Dropout = new Dropout<T>("dropout", dropout, seed);
        var dropped = Tape.Record(Dropout, read);
        var dense = LaneContraction.Create<T>(layout.Readout, batch.Groups);
        var scores = Tape.Record(new LaneLinear<T>("classes", layout.Readout, dense, batch.Groups), Tape.Parameter(ClassifierLayout.ReadoutName), dropped);
        var logits = Tape.Record(new AddBias<T>("classes bias"), scores, Tape.Parameter(ClassifierLayout.ReadoutBiasName));
        _crossEntropy = new SoftmaxCrossEntropyLoss<T>("cross-entropy", batch.Labels);
        Loss = Tape.Record(_crossEntropy, logits);
    }

    public Tape<T> Tape { get; }

    public LaneBatch<T> Batch { get; }

    public Dropout<T> Dropout { get; }

    /// <summary>The loss, whose classes may be weighted.</summary>
    public SoftmaxCrossEntropyLoss<T> CrossEntropy => _crossEntropy;

    /// <summary>Mean cross-entropy over the batch, in nats.</summary>
    public Variable<T> Loss { get; }

    /// <summary>Class probabilities of a sample of the last forward pass.</summary>
    public void CopyProbabilities(int sample, Span<T> destination)
    {
        var (group, lane) = (sample / LaneBlock.Width, sample % LaneBlock.Width);
        for (var c = 0; c < _classes; c++) destination[c] = _crossEntropy.Probabilities[(group * _classes + c) * LaneBlock.Width + lane];
    }
}
