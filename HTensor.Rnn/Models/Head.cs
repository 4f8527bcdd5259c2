using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>What a model makes of its outputs by its task: the loss, and the predictions of a sample.</summary>
internal sealed class Head<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LaneBatch<T> _batch;
    private readonly Variable<T> _outputs;
    private readonly SoftmaxCrossEntropyLoss<T>? _softmax;
    private readonly SigmoidCrossEntropyLoss<T>? _sigmoid;
    private readonly Variable<T>? _loss;
    private readonly int _count;
    private readonly bool _everyStep;

    public Head(Tape<T> tape, LaneBatch<T> batch, ClassifierLayout layout, Variable<T> outputs)
    {
        var options = layout.Options;
        (_batch, _outputs, _count, _everyStep) = (batch, outputs, layout.Outputs, options.Readout == Readout.Step);
        if (options.Task == SequenceTask.States) return;
        if (options is { Task: SequenceTask.Class, Readout: not Readout.Step })
        {
            Labels = batch.Labels;
            _softmax = new SoftmaxCrossEntropyLoss<T>("cross-entropy", Labels);
            _loss = tape.Record(_softmax, outputs);
            return;
        }

        var targets = new BatchTargets<T>(batch, options);
        batch.Attach(targets);
        Labels = targets.Labels;
        IOperation<T> loss = options.Task switch
        {
            SequenceTask.NextNotes => _sigmoid = new SigmoidCrossEntropyLoss<T>("negative log-likelihood", targets.Values, Labels),
            SequenceTask.Regression => new SquaredErrorLoss<T>("squared error", targets.Values, Labels),
            _ => _softmax = new SoftmaxCrossEntropyLoss<T>("cross-entropy", Labels),
        };
        _loss = tape.Record(loss, outputs);
    }

    /// <exception cref="InvalidOperationException">The outputs are states.</exception>
    public Variable<T> Loss => _loss ?? throw new InvalidOperationException("loss: expected a model that predicts, found one whose outputs are its states");

    /// <summary>Weights of the classes in the loss; empty: 1. Of a softmax alone.</summary>
    public ReadOnlyMemory<T> ClassWeights
    {
        set => _softmax!.ClassWeights = value;
    }

    /// <summary>Part of a label that is spread over all classes in the loss. Of a softmax alone.</summary>
    public double LabelSmoothing
    {
        set => _softmax!.LabelSmoothing = T.CreateChecked(value);
    }

    /// <summary>[units * 16]: negative where there is no prediction, else of the task's own meaning.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>Predictions of the last load.</summary>
    public int Predictions
    {
        get
        {
            var count = 0;
            foreach (var label in Labels.Span) count += label >= 0 ? 1 : 0;
            return count;
        }
    }

    /// <summary>Unit of a sample's prediction at a step; where it has one prediction, the same at every step.</summary>
    public int UnitOf(int sample, int step) => _everyStep ? sample / LaneBlock.Width * _batch.Steps + step : sample / LaneBlock.Width;

    /// <summary>Probabilities of a sample at a step of the last forward pass; of a regression its numbers.</summary>
    public void Copy(int sample, int step, Span<T> destination)
    {
        var values = LaneBlock.Unit(_softmax is not null ? _softmax.Probabilities : _sigmoid is not null ? _sigmoid.Probabilities : _outputs.Value.Span, UnitOf(sample, step), _count);
        for (var k = 0; k < _count; k++) destination[k] = values[k * LaneBlock.Width + sample % LaneBlock.Width];
    }
}
