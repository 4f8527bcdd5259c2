using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// Several sequences that a model reads side by side, sixteen in the lanes of each product. A stream that has no frame in a step rests and keeps
/// its state. One thread at a time; batches on different threads share the model's copy of the weights. A step allocates nothing after the first.
/// </summary>
public sealed class StreamingBatch
{
    private readonly StreamWeights _weights;
    private readonly StreamFrames _frames;
    private readonly StreamLaneLayer[] _layers;
    private readonly LaneWeights? _readout;
    private readonly AlignedBuffer<float> _read, _outputs, _sums;
    private readonly int[] _steps;
    private int _busy;

    internal StreamingBatch(StreamWeights weights, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (_weights, Count, _steps) = (weights, count, new int[count]);
        _frames = new StreamFrames(weights, count);
        _layers = [.. weights.Layers.Select((layer, index) =>
            new StreamLaneLayer(layer, LaneBlock.Count(count), _frames.IsActive, index == 0 ? weights.Layout.Options.StepInput : StepInput.Frame))];
        var hidden = weights.Layout.Hidden;
        if (!weights.Readout.IsEmpty) _readout = new LaneWeights(weights.Readout.Span, hidden, weights.Outputs, weights.Outputs);
        _sums = new(weights.ReadsMean ? checked(LaneBlock.Count(count) * hidden * LaneBlock.Width) : 0);
        (_read, _outputs) = (new(checked(hidden * LaneBlock.Width)), new(checked(weights.Outputs * LaneBlock.Width)));
    }

    /// <summary>Streams in the batch.</summary>
    public int Count { get; }

    /// <summary>Frames of a stream since the beginning or its last <see cref="Reset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stream.</exception>
    public int Steps(int stream) => _steps[Checked(stream)];

    /// <summary>
    /// Takes a frame for each stream, or an empty one where a stream rests, values as the data set stores them, and writes predictions,
    /// [streams, outputs], as <see cref="StreamingSession"/> does; those of a stream that rests are left as they are.
    /// </summary>
    /// <exception cref="ArgumentException">There is not one frame a stream, a frame is not of the model's size or no symbol of it, or predictions has another length.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a step of this batch.</exception>
    public void Step(ReadOnlySpan<ReadOnlyMemory<byte>> frames, Span<float> predictions) => Step<byte>(frames, predictions);

    /// <inheritdoc cref="Step(ReadOnlySpan{ReadOnlyMemory{byte}}, Span{float})"/>
    public void Step(ReadOnlySpan<ReadOnlyMemory<float>> frames, Span<float> predictions) => Step<float>(frames, predictions);

    /// <summary>Begins a new sequence in one stream.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stream.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a step of this batch.</exception>
    public void Reset(int stream)
    {
        _ = Checked(stream);
        Enter();
        foreach (var layer in _layers) layer.Clear(stream / LaneBlock.Width, stream % LaneBlock.Width);
        for (var i = stream % LaneBlock.Width; _weights.ReadsMean && i < _read.Length; i += LaneBlock.Width) Sums(stream / LaneBlock.Width)[i] = 0;
        _steps[stream] = 0;
        Volatile.Write(ref _busy, 0);
    }

    private void Step<TSource>(ReadOnlySpan<ReadOnlyMemory<TSource>> frames, Span<float> predictions)
        where TSource : unmanaged
    {
        Require(frames, predictions.Length);
        Enter();
        var scratch = _weights.Rent();
        try
        {
            for (var stream = 0; stream < Count; stream++) _frames.Set(stream, frames[stream], scratch);
            ILaneInput<float> x = _frames;
            foreach (var layer in _layers)
            {
                layer.Advance(x);
                x = layer;
            }

            for (var group = 0; group < LaneBlock.Count(Count); group++)
            {
                if (_frames.IsActive(group)) Predict(group, predictions);
            }
        }
        finally
        {
            _weights.Return(scratch);
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Streams that have a frame take their states; then the outputs of what is read.</summary>
    private void Predict(int group, Span<float> predictions)
    {
        var last = _layers[^1];
        last.Next(group).CopyTo(_read.Span);
        var streams = Math.Min(LaneBlock.Width, Count - group * LaneBlock.Width);
        for (var lane = 0; lane < streams; lane++)
        {
            var stream = group * LaneBlock.Width + lane;
            if (!_frames.Has(stream)) continue;
            foreach (var layer in _layers) layer.Take(group, lane);
            var share = 1f / ++_steps[stream];
            if (!_weights.ReadsMean) continue;
            for (var i = lane; i < _read.Length; i += LaneBlock.Width) _read.Span[i] = share * (Sums(group)[i] += _read.Span[i]);
        }

        var (outputs, count) = (_outputs, _weights.Outputs);
        Read(outputs.Span);
        for (var lane = 0; lane < streams; lane++)
        {
            var stream = group * LaneBlock.Width + lane;
            if (!_frames.Has(stream)) continue;
            for (var c = 0; c < count; c++) predictions[stream * count + c] = outputs.Span[c * LaneBlock.Width + lane];
        }
    }

    /// <summary>The outputs of what is read.</summary>
    private void Read(Span<float> outputs)
    {
        if (_readout is null)
        {
            _read.Span.CopyTo(outputs);
            return;
        }

        _readout.Multiply(0, _read.Span, outputs, Accumulation.Overwrite);
        LaneBias.Add<float>(outputs, _weights.ReadoutBias.Span, outputs);
        StreamHead.Apply(_weights.Layout.Options.Task, outputs);
    }

    /// <summary>The sum of h over a group's steps, where the mean is read.</summary>
    private Span<float> Sums(int group) => LaneBlock.Unit(_sums.Span, group, _weights.Layout.Hidden);

    private void Require<TSource>(ReadOnlySpan<ReadOnlyMemory<TSource>> frames, int predictions)
    {
        if (frames.Length != Count) throw new ArgumentException($"frames: expected one for each of {Count} streams, found {frames.Length}", nameof(frames));
        for (var stream = 0; stream < Count; stream++)
        {
            if (!frames[stream].IsEmpty && frames[stream].Length != _weights.Layout.FrameSize)
                throw new ArgumentException($"frame of stream {stream}: expected {_weights.Layout.FrameSize} values, or none for a stream that rests, found {frames[stream].Length}", nameof(frames));
        }

        var expected = Count * (long)_weights.Outputs;
        if (predictions != expected)
            throw new ArgumentException($"predictions: expected {Count} streams x {_weights.Outputs} outputs, {expected} elements, found {predictions}", nameof(predictions));
    }

    private int Checked(int stream) => (uint)stream < (uint)Count
        ? stream
        : throw new ArgumentOutOfRangeException(nameof(stream), $"stream: expected 0 to {Count - 1}, found {stream}");

    private void Enter()
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("streams: expected one step at a time, found another in a step of this batch; give each thread a batch of its own");
    }
}
