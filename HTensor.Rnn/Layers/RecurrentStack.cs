using System.Numerics;
using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// Records what a model computes from the frames to the vector that is read out: the layer in front, the recurrent layers in one or both
/// directions, the read-out of their states, with dropout between them.
/// </summary>
internal sealed class RecurrentStack<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Of random numbers: the read-out's dropout has the first stream, so that it is the same in a model of one layer.</summary>
    private const ulong FirstStream = 1;

    private readonly Tape<T> _tape;
    private readonly LaneBatch<T> _batch;
    private readonly ClassifierLayout _layout;
    private readonly TrainingDropout _dropout;
    private readonly long _keptBytes;
    private readonly CarriedStates<T>? _carried;
    private readonly List<Dropout<T>> _dropouts = [];
    private readonly List<RecurrentDropout<T>> _recurrent = [];
    private ulong _stream = FirstStream;

    public RecurrentStack(Tape<T> tape, LaneBatch<T> batch, ClassifierLayout layout, TrainingDropout dropout, long keptBytes, CarriedStates<T>? carried = null)
    {
        (_tape, _batch, _layout, _dropout, _keptBytes, _carried) = (tape, batch, layout, dropout, keptBytes, carried);
        var readout = new Dropout<T>("dropout", dropout.Rate, dropout.Seed, _stream++);
        var front = Front();
        if (front is not null) front = Dropped(front, "front");
        for (var layer = 0; layer + 1 < layout.Layers.Count; layer++) front = Dropped(Joined(States(layer, front, Readout.Step)), $"layer {layer}");
        var read = Joined(States(layout.Layers.Count - 1, front, layout.Options.Readout));
        Output = tape.Record(readout, read);
        _dropouts.Add(readout);
        if (dropout.Input > 0) batch.Mask = new DropoutMask<T>(dropout.Input, dropout.Seed, _stream++, checked(batch.Groups * layout.FrameSize * LaneBlock.Width));
    }

    /// <summary>[groups, H, 16], or [groups * steps, H, 16] where every step is read; H of both directions.</summary>
    public Variable<T> Output { get; }

    /// <summary>Step whose masks the next forward pass draws; null: none.</summary>
    public void SetStep(long? step)
    {
        _batch.Mask?.Draw(step);
        foreach (var dropout in _dropouts) dropout.Step = step;
        foreach (var dropout in _recurrent) dropout.Step = step;
    }

    private Variable<T>? Front()
    {
        if (_layout.Front is not { } matrix) return null;
        var weights = _tape.Parameter(ClassifierLayout.FrontName);
        if (_layout.Options.Front!.Kind == FrontKind.Embedding) return _tape.Record(new SymbolEmbedding<T>("embedding", _batch), weights);
        var units = _batch.Groups * _batch.Steps;
        var y = _tape.Record(new LaneLinear<T>("front", matrix, LaneContraction.Create<T>(matrix, units), units, _batch), weights);
        var biased = _tape.Record(new AddBias<T>("front bias"), y, _tape.Parameter(ClassifierLayout.FrontBiasName));
        return _tape.Record(new LeakyRelu<T>("front relu"), biased);
    }

    /// <summary>The states of a layer, one variable a direction, read out.</summary>
    private Variable<T>[] States(int layer, Variable<T>? input, Readout readout)
    {
        var directions = _layout.Layers[layer];
        var states = new Variable<T>[directions.Count];
        for (var direction = 0; direction < states.Length; direction++)
        {
            var recorder = new LayerRecorder<T>(_tape, _batch, directions[direction], _keptBytes);
            var z = input is null ? recorder.InputOverFrames(_layout.Options.StepInput) : recorder.InputOver(input);
            if (direction > 0) z = Reversed(z, "reversed");
            var h = recorder.Recurrence(z, RecurrentMask(directions[direction]), _carried?[layer]);
            states[direction] = readout != Readout.Step ? _tape.Record(new StepReadout<T>("readout", _batch, readout), h)
                : direction > 0 ? Reversed(h, "turned back") : h;
        }

        return states;
    }

    private Variable<T> Reversed(Variable<T> steps, string name) => _tape.Record(new ReverseSteps<T>(name, _batch), steps);

    private Variable<T> Joined(Variable<T>[] states) => states.Length == 1 ? states[0] : _tape.Record(new JoinRows<T>("both directions"), states);

    private Variable<T> Dropped(Variable<T> x, string name)
    {
        if (_dropout.Rate == 0) return x;
        var dropout = new Dropout<T>($"dropout after {name}", _dropout.Rate, _dropout.Seed, _stream++);
        _dropouts.Add(dropout);
        return _tape.Record(dropout, x);
    }

    private RecurrentDropout<T>? RecurrentMask(LayerLayout layer)
    {
        if (_dropout.Recurrent == 0) return null;
        var dropout = new RecurrentDropout<T>(_batch, layer.Hidden, _dropout.Recurrent, _dropout.Seed, _stream++);
        _recurrent.Add(dropout);
        return dropout;
    }
}
