using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// One sequence that a model reads frame by frame: the state of its cells and nothing else, some kilobytes, so that thousands share a model.
/// Different sessions run on different threads at once; one session takes one frame at a time. A step allocates nothing once as many
/// steps as ever run at the same time have run.
/// </summary>
public sealed class StreamingSession
{
    private static readonly float[] One = [1], Zero = [0];

    private readonly StreamWeights _weights;
    private readonly StreamState[] _states;
    private readonly RowWeights[] _recurrent;
    private readonly RowWeights? _readout;
    private readonly AlignedBuffer<float> _sum;
    private readonly StreamDifference? _difference;
    private readonly AlignedBuffer<float> _frame;
    private int _busy;

    internal StreamingSession(StreamWeights weights)
    {
        _weights = weights;
        _states = [.. weights.Layers.Select(layer => new StreamState(layer.Layout, 1))];
        _recurrent = [.. weights.Layers.Select(layer => new RowWeights(layer.Recurrent, layer.Hidden, layer.Layout.Gates * layer.Hidden))];
        _sum = new(weights.ReadsMean ? weights.Layout.Hidden : 0);
        var rows = weights.ReadsDifferences ? weights.Layers[0].Bias.Length : 0;
        _frame = new(rows);
        if (rows > 0) _difference = new StreamDifference(rows, 1);
        if (!weights.Readout.IsEmpty) _readout = new RowWeights(weights.Readout, weights.Layout.Hidden, weights.Outputs);
    }

    /// <summary>Frames since the beginning or the last <see cref="Reset"/>.</summary>
    public int Steps { get; private set; }

    /// <summary>
    /// Takes the next frame, values as the data set stores them (they are scaled as in training), and writes what the model says of the
    /// sequence so far: the probability of each class, note or symbol; of a regression its numbers; the states where they are the outputs. The state is unchanged when an
    /// exception is thrown.
    /// </summary>
    /// <exception cref="ArgumentException">The frame is not of the model's size or is no symbol of it, or <paramref name="prediction"/> has not one element an output.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a step of this session.</exception>
    public void Step(ReadOnlySpan<byte> frame, Span<float> prediction) => Step<byte>(frame, prediction);

    /// <inheritdoc cref="Step(ReadOnlySpan{byte}, Span{float})"/>
    public void Step(ReadOnlySpan<float> frame, Span<float> prediction) => Step<float>(frame, prediction);

    /// <summary>Begins a new sequence.</summary>
    /// <exception cref="InvalidOperationException">Another thread is in a step of this session.</exception>
    public void Reset()
    {
        Enter();
        foreach (var state in _states) state.Clear(0, 1);
        _difference?.Clear(0);
        _sum.Span.Clear();
        Steps = 0;
        Volatile.Write(ref _busy, 0);
    }

    private void Step<TSource>(ReadOnlySpan<TSource> frame, Span<float> prediction)
        where TSource : unmanaged
    {
        if (frame.Length != _weights.Layout.FrameSize) throw new ArgumentException($"frame: expected {_weights.Layout.FrameSize} values, found {frame.Length}", nameof(frame));
        if (prediction.Length != _weights.Outputs)
            throw new ArgumentException($"prediction: expected one element for each of {_weights.Outputs} outputs, found {prediction.Length}", nameof(prediction));
        Enter();
        var scratch = _weights.Rent();
        try
        {
            First(frame, scratch);
            for (var layer = 0; layer < _states.Length; layer++)
            {
                if (layer > 0) Multiply<float>(layer, _states[layer - 1].Hidden.Span, One, Zero, scratch);
                StreamCell.Advance(_weights.Layers[layer], _recurrent[layer], Gates(layer, scratch), _states[layer], _states[layer], scratch.Row.Slice(0, _weights.Layers[layer].Hidden));
            }

            Steps++;
            Predict(scratch, prediction);
        }
        finally
        {
            _weights.Return(scratch);
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>z of the first layer, from the frame or from what stands before it.</summary>
    private void First<TSource>(ReadOnlySpan<TSource> frame, StreamScratch scratch)
        where TSource : unmanaged
    {
        if (_difference is not null)
        {
            Difference(frame, scratch);
            return;
        }

        if (_weights.Front is not { } front)
        {
            Multiply(0, frame, _weights.Scale, _weights.Shift, scratch);
            return;
        }

        front.Run(frame, _weights.Scale, _weights.Shift, scratch.Frame.Span, scratch.Front.Span);
        Multiply<float>(0, scratch.Front.Span, One, Zero, scratch);
    }

    /// <summary>z = (x - x of the frame before) W + b.</summary>
    private void Difference<TSource>(ReadOnlySpan<TSource> frame, StreamScratch scratch)
        where TSource : unmanaged
    {
        var layer = _weights.Layers[0];
        var bias = layer.Bias.Span;
        var gates = scratch.Gates.Slice(0, bias.Length);
        gates.Clear();
        Multiply(0, frame, _weights.Scale, _weights.Shift, gates, _frame.Span, scratch);
        _difference!.Apply(_frame.Span, gates);
        _difference.Take(_frame.Span, 0);
        for (var i = 0; i < gates.Length; i++) gates[i] += bias[i];
    }

    /// <summary>z = x W + b.</summary>
    private void Multiply<TSource>(int layer, ReadOnlySpan<TSource> x, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, StreamScratch scratch)
        where TSource : unmanaged
    {
        var bias = _weights.Layers[layer].Bias.Span;
        Multiply(layer, x, scale, shift, bias, scratch.Gates.Slice(0, bias.Length), scratch);
    }

    private void Multiply<TSource>(int layer, ReadOnlySpan<TSource> x, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, ReadOnlySpan<float> bias, Span<float> gates, StreamScratch scratch)
        where TSource : unmanaged
    {
        var matrix = _weights.Layers[layer].Input;
        if (x.Length == matrix.Inputs)
        {
            matrix.Multiply(x, scale, shift, bias, gates, scratch.Inputs[layer]);
            return;
        }

        // Behind the values that there are, the padding stays 0.
        var padded = scratch.Padded[layer].Span;
        ChannelScaling.Apply(x, scale, shift, padded[..x.Length]);
        matrix.Multiply<float>(padded, One, Zero, bias, gates, scratch.Inputs[layer]);
    }

    private Span<float> Gates(int layer, StreamScratch scratch) => scratch.Gates.Slice(0, _weights.Layers[layer].GateRows * _weights.Layers[layer].Hidden);

    private void Predict(StreamScratch scratch, Span<float> prediction)
    {
        var (state, outputs, bias) = (_states[^1], scratch.Outputs, _weights.ReadoutBias);
        var read = state.Hidden.Span;
        if (_weights.ReadsMean)
        {
            var share = 1f / Steps;
            read = scratch.Row.Slice(0, state.Hidden.Length);
            for (var i = 0; i < read.Length; i++) read[i] = share * (_sum.Span[i] += state.Hidden.Span[i]);
        }

        if (_readout is null)
        {
            read.CopyTo(prediction);
            return;
        }

        _readout.Multiply(read, prediction, 0, Accumulation.Overwrite);
        for (var c = 0; c < prediction.Length; c++) outputs.Span[c * LaneBlock.Width] = prediction[c] + bias.Span[c];
        StreamHead.Apply(_weights.Layout.Options.Task, outputs.Span);
        for (var c = 0; c < prediction.Length; c++) prediction[c] = outputs.Span[c * LaneBlock.Width];
    }

    private void Enter()
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("stream: expected one step at a time, found another thread in a step of this session; give each thread a session of its own");
    }
}
