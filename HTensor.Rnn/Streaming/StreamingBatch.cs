using System.Runtime.InteropServices;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// Several sequences that a model reads side by side, sixteen in the lanes of each product. A stream that has no frame in a step rests and keeps
/// its state. One thread at a time; batches on different threads share the model's streams' weights. A step allocates nothing after the first.
/// </summary>
public sealed class StreamingBatch
{
    private static readonly int[] NoLabels = [.. Enumerable.Repeat(-1, LaneBlock.Width)];

    private readonly StreamWeights _weights;
    private readonly StreamFrames _frames;
    private readonly ILaneContraction<float> _input;
    private readonly LaneRows _recurrent, _readout;
    private readonly AlignedBuffer<float> _gates, _hidden, _cell, _sum, _nextHidden, _nextCell, _logits;
    private readonly ReadOnlyMemory<byte>[] _bytes;
    private readonly byte[][] _copies;
    private readonly int[] _steps;
    private int _busy;

    internal StreamingBatch(StreamWeights weights, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (_weights, Count) = (weights, count);
        var (layout, groups) = (weights.Layout, LaneBlock.Count(count));
        _frames = new StreamFrames(weights, count);
        _input = LaneContraction.Create<float>(layout.Input.Network, groups, layout.Input.OutputOffsets);
        for (var core = 0; core < weights.Cores.Length; core++) _input.Bind(core, weights.Cores[core], default);
        _input.UpdateWeights(ThreadTeam.Inline);
        (_recurrent, _readout) = (new LaneRows(weights.Recurrent.Span, Hidden, Gates), new LaneRows(weights.Readout.Span, Hidden, Classes));
        (_gates, _logits) = (Blocks(groups * Gates), Blocks(Classes));
        (_hidden, _cell, _sum) = (Blocks(groups * Hidden), Blocks(groups * Hidden), Blocks(groups * Hidden));
        (_nextHidden, _nextCell) = (Blocks(Hidden), Blocks(Hidden));
        (_bytes, _copies, _steps) = (new ReadOnlyMemory<byte>[count], new byte[count][], new int[count]);

        static AlignedBuffer<float> Blocks(int rows) => new(checked(rows * LaneBlock.Width));
    }

    /// <summary>Streams in the batch.</summary>
    public int Count { get; }

    private int Gates => _weights.Bias.Length;

    private int Hidden => _weights.Layout.Hidden;

    private int Classes => _weights.ReadoutBias.Length;

    /// <summary>Frames of a stream since the beginning or its last <see cref="Reset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stream.</exception>
    public int Steps(int stream) => _steps[Checked(stream)];

    /// <summary>
    /// Takes a frame for each stream, or an empty one where a stream rests, values as the data set stores them, and writes class
    /// probabilities, [streams, classes]; those of a stream that rests are left as they are.
    /// </summary>
    /// <exception cref="ArgumentException">There is not one frame a stream, a frame is not of the model's size, or probabilities has another length.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a step of this batch.</exception>
    public void Step(ReadOnlySpan<ReadOnlyMemory<byte>> frames, Span<float> probabilities)
    {
        Require(frames, probabilities.Length);
        Enter();
        try
        {
            _frames.Set(frames, FrameElement.UInt8);
            Advance(probabilities);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <inheritdoc cref="Step(ReadOnlySpan{ReadOnlyMemory{byte}}, Span{float})"/>
    public void Step(ReadOnlySpan<ReadOnlyMemory<float>> frames, Span<float> probabilities)
    {
        Require(frames, probabilities.Length);
        Enter();
        try
        {
            for (var stream = 0; stream < Count; stream++) _bytes[stream] = Bytes(stream, frames[stream].Span);
            _frames.Set(_bytes, FrameElement.Single);
            Advance(probabilities);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Begins a new sequence in one stream.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stream.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a step of this batch.</exception>
    public void Reset(int stream)
    {
        var (group, lane) = (Checked(stream) / LaneBlock.Width, stream % LaneBlock.Width);
        Enter();
        foreach (var state in (ReadOnlySpan<AlignedBuffer<float>>)[_hidden, _cell, _sum])
        {
            var blocks = LaneBlock.Unit(state.Span, group, Hidden);
            for (var i = lane; i < blocks.Length; i += LaneBlock.Width) blocks[i] = 0;
        }

        _steps[stream] = 0;
        Volatile.Write(ref _busy, 0);
    }

    private void Advance(Span<float> probabilities)
    {
        _input.Forward(_frames, _gates.Memory, ThreadTeam.Inline);
        for (var group = 0; group < LaneBlock.Count(Count); group++)
        {
            if (_frames.IsActive(group)) Advance(group, probabilities);
        }
    }

    /// <summary>z = x W + b + h U, the cell, and the classes of the read-out vectors, for sixteen streams.</summary>
    private void Advance(int group, Span<float> probabilities)
    {
        var gates = LaneBlock.Unit(_gates.Span, group, Gates);
        var hidden = LaneBlock.Unit(_hidden.Span, group, Hidden);
        var cell = LaneBlock.Unit(_cell.Span, group, Hidden);
        var sum = LaneBlock.Unit(_sum.Span, group, Hidden);
        LaneBias.Add<float>(gates, _weights.Bias.Span, gates);
        _recurrent.Multiply(hidden, gates, Accumulation.Add);
        var block = hidden.Length;
        LstmCell.Forward(gates[..block], gates.Slice(block, block), gates.Slice(2 * block, block), gates[(3 * block)..], cell, _nextCell.Span, _nextHidden.Span);
        var mean = _weights.Layout.Options.Readout == Readout.Mean;
        var read = gates[..block];
        for (var lane = 0; lane < LaneBlock.Width; lane++)
        {
            var stream = group * LaneBlock.Width + lane;
            if (stream >= Count || !_frames.Has(stream)) continue;
            var share = 1f / ++_steps[stream];
            for (var i = lane; i < block; i += LaneBlock.Width)
            {
                (hidden[i], cell[i]) = (_nextHidden.Span[i], _nextCell.Span[i]);
                sum[i] += hidden[i];
                read[i] = mean ? share * sum[i] : hidden[i];
            }
        }

        Classify(group, read, probabilities);
    }

    private void Classify(int group, ReadOnlySpan<float> read, Span<float> probabilities)
    {
        var logits = _logits.Span;
        _readout.Multiply(read, logits, Accumulation.Overwrite);
        LaneBias.Add<float>(logits, _weights.ReadoutBias.Span, logits);
        Span<float> losses = stackalloc float[LaneBlock.Width];
        SoftmaxCrossEntropy.Forward<float>(logits, NoLabels, logits, losses);
        for (var lane = 0; lane < LaneBlock.Width; lane++)
        {
            var stream = group * LaneBlock.Width + lane;
            if (stream >= Count || !_frames.Has(stream)) continue;
            for (var c = 0; c < Classes; c++) probabilities[stream * Classes + c] = logits[c * LaneBlock.Width + lane];
        }
    }

    /// <summary>A frame of floats as the bytes that lanes are read from; the caller's memory is not kept.</summary>
    private ReadOnlyMemory<byte> Bytes(int stream, ReadOnlySpan<float> frame)
    {
        var bytes = MemoryMarshal.AsBytes(frame);
        var copy = _copies[stream] ??= new byte[_weights.Layout.FrameSize * sizeof(float)];
        bytes.CopyTo(copy);
        return copy.AsMemory(0, bytes.Length);
    }

    private void Require<TElement>(ReadOnlySpan<ReadOnlyMemory<TElement>> frames, int probabilities)
    {
        if (frames.Length != Count) throw new ArgumentException($"frames: expected one for each of {Count} streams, found {frames.Length}", nameof(frames));
        for (var stream = 0; stream < Count; stream++)
        {
            if (!frames[stream].IsEmpty && frames[stream].Length != _weights.Layout.FrameSize)
                throw new ArgumentException($"frame of stream {stream}: expected {_weights.Layout.FrameSize} values, or none for a stream that rests, found {frames[stream].Length}", nameof(frames));
        }

        if (probabilities != Count * (long)Classes)
            throw new ArgumentException($"probabilities: expected {Count} streams x {Classes} classes, {Count * (long)Classes} elements, found {probabilities}", nameof(probabilities));
    }

    private int Checked(int stream) => (uint)stream < (uint)Count
        ? stream
        : throw new ArgumentOutOfRangeException(nameof(stream), $"stream: expected 0 to {Count - 1}, found {stream}");

    private void Enter()
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("streams: expected one step at a time, found another thread in a step of this batch; give each thread a batch of its own");
    }
}
