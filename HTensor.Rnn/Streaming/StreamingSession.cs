using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// One sequence that a model reads frame by frame: the state of its cells and nothing else, some kilobytes, so that thousands share a model.
/// Different streams run on different threads at once; one stream takes one frame at a time. A step allocates nothing once as many
/// steps as ever run at the same time have run.
/// </summary>
public sealed class StreamingSession
{
    private static readonly int[] NoLabels = [.. Enumerable.Repeat(-1, LaneBlock.Width)];

    private readonly StreamWeights _weights;
    private readonly AlignedBuffer<float> _hidden, _cell, _sum;
    private int _busy;

    internal StreamingSession(StreamWeights weights)
    {
        _weights = weights;
        (_hidden, _cell, _sum) = (new(weights.Layout.Hidden), new(weights.Layout.Hidden), new(weights.Layout.Hidden));
    }

    /// <summary>Frames since the beginning or the last <see cref="Reset"/>.</summary>
    public int Steps { get; private set; }

    /// <summary>
    /// Takes the next frame, values as the data set stores them (they are scaled as in training), and writes the probability of each class for
    /// the sequence so far. The stream's state is unchanged when an exception is thrown.
    /// </summary>
    /// <exception cref="ArgumentException">The frame is not of the model's size, or <paramref name="probabilities"/> has not one element a class.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a step of this stream.</exception>
    public void Step(ReadOnlySpan<byte> frame, Span<float> probabilities) => Step<byte>(frame, probabilities);

    /// <inheritdoc cref="Step(ReadOnlySpan{byte}, Span{float})"/>
    public void Step(ReadOnlySpan<float> frame, Span<float> probabilities) => Step<float>(frame, probabilities);

    /// <summary>Begins a new sequence.</summary>
    /// <exception cref="InvalidOperationException">Another thread is in a step of this stream.</exception>
    public void Reset()
    {
        var scratch = Enter();
        _hidden.Span.Clear();
        _cell.Span.Clear();
        _sum.Span.Clear();
        Steps = 0;
        Leave(scratch);
    }

    private void Step<TSource>(ReadOnlySpan<TSource> frame, Span<float> probabilities)
        where TSource : unmanaged
    {
        Require(frame.Length, probabilities.Length);
        var scratch = Enter();
        try
        {
            _weights.Input.Multiply(frame, _weights.Scale, _weights.Shift, _weights.Bias.Span, scratch.Gates.Span, scratch.Input);
            Advance(scratch, probabilities);
        }
        finally
        {
            Leave(scratch);
        }
    }

    /// <summary>z = x W + b is in the gates; z += h U, the cell, and the read-out vector's classes.</summary>
    private void Advance(StreamScratch scratch, Span<float> probabilities)
    {
        var (hidden, gates) = (_weights.Layout.Hidden, scratch.Gates);
        Row(_hidden.Span, _weights.Recurrent, gates.Span, Accumulation.Add);
        LstmCell.Forward(gates.Slice(0, hidden), gates.Slice(hidden, hidden), gates.Slice(2 * hidden, hidden), gates.Slice(3 * hidden, hidden), _cell.Span, _cell.Span, _hidden.Span);
        Steps++;
        var read = _hidden.Span;
        if (_weights.Layout.Options.Readout == Readout.Mean)
        {
            // The gates are done with: their memory takes the mean.
            read = gates.Slice(0, hidden);
            var share = 1f / Steps;
            for (var i = 0; i < hidden; i++) read[i] = share * (_sum.Span[i] += _hidden.Span[i]);
        }

        Classify(read, scratch, probabilities);
    }

    private void Classify(ReadOnlySpan<float> read, StreamScratch scratch, Span<float> probabilities)
    {
        var logits = scratch.Logits.Span;
        var bias = _weights.ReadoutBias.Span;
        Row(read, _weights.Readout, probabilities, Accumulation.Overwrite);
        for (var c = 0; c < bias.Length; c++) logits[c * LaneBlock.Width] = probabilities[c] + bias[c];
        Span<float> losses = stackalloc float[LaneBlock.Width];
        SoftmaxCrossEntropy.Forward<float>(logits, NoLabels, logits, losses);
        for (var c = 0; c < bias.Length; c++) probabilities[c] = logits[c * LaneBlock.Width];
    }

    /// <summary>y (+)= x W for one row x.</summary>
    private static void Row(ReadOnlySpan<float> x, ReadOnlyMemory<float> weights, Span<float> y, Accumulation accumulation) =>
        Gemm.Multiply(1, y.Length, x.Length, new MatrixOperand<float>(x, x.Length, 1), new MatrixOperand<float>(weights.Span, y.Length, 1), y, y.Length, 1, accumulation, ThreadTeam.Inline);

    private void Require(int frame, int probabilities)
    {
        if (frame != _weights.Layout.FrameSize) throw new ArgumentException($"frame: expected {_weights.Layout.FrameSize} values, found {frame}", nameof(frame));
        if (probabilities != _weights.ReadoutBias.Length)
            throw new ArgumentException($"probabilities: expected one element for each of {_weights.ReadoutBias.Length} classes, found {probabilities}", nameof(probabilities));
    }

    private StreamScratch Enter()
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("stream: expected one step at a time, found another thread in a step of this stream; give each thread a stream of its own");
        return _weights.Rent();
    }

    private void Leave(StreamScratch scratch)
    {
        _weights.Return(scratch);
        Volatile.Write(ref _busy, 0);
    }
}
