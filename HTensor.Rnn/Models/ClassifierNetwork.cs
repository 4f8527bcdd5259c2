using System.Numerics;
using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>A model recorded on a tape for batches of one size: frames, recurrent layers, read-out, outputs, loss.</summary>
internal sealed class ClassifierNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RecurrentStack<T> _stack;
    private readonly Head<T> _head;

    /// <param name="layout">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="batch">Where the frames come from.</param>
    /// <param name="purpose">With gradients or without.</param>
    /// <param name="dropout">What is dropped while training.</param>
    /// <param name="keptBytes">Most that an input matrix keeps between the passes.</param>
    /// <param name="carried">The layers' states between windows, where the batch has several.</param>
    public ClassifierNetwork(ClassifierLayout layout, ParameterSet<T> parameters, LaneBatch<T> batch, TapePurpose purpose, TrainingDropout dropout = default,
        long keptBytes = LaneContraction.KeptBytes, CarriedStates<T>? carried = null)
    {
        Batch = batch;
        Tape = new Tape<T>(parameters, purpose);
        _stack = new RecurrentStack<T>(Tape, batch, layout, dropout, keptBytes, carried);
        _head = new Head<T>(Tape, batch, layout, layout.Readout is null ? _stack.Output : Outputs(layout, layout.Readout));
    }

    public Tape<T> Tape { get; }

    public LaneBatch<T> Batch { get; }

    /// <summary>Which step's dropout the next forward pass draws; null: none.</summary>
    public long? Step
    {
        set => _stack.SetStep(value);
    }

    /// <summary>Mean over the batch's predictions, in nats; of a regression in the targets' unit squared.</summary>
    public Variable<T> Loss => _head.Loss;

    public Head<T> Head => _head;

    private Variable<T> Outputs(ClassifierLayout layout, MatrixNetwork readout)
    {
        var everyStep = layout.Options.Readout == Readout.Step;
        var units = everyStep ? checked(Batch.Groups * Batch.Steps) : Batch.Groups;
        var dense = LaneContraction.Create<T>(readout, units);
        var linear = everyStep ? new LaneLinear<T>("classes", readout, dense, units, Batch.IsActive) : new LaneLinear<T>("classes", readout, dense, units);
        var scores = Tape.Record(linear, Tape.Parameter(ClassifierLayout.ReadoutName), _stack.Output);
        return Tape.Record(new AddBias<T>("classes bias"), scores, Tape.Parameter(ClassifierLayout.ReadoutBiasName));
    }
}
