using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>What stands before the first recurrent layer, for one frame: a dense layer with a leaky ReLU, or a symbol's vector.</summary>
internal sealed class StreamFront
{
    private const float Slope = 0.01f;

    private readonly ReadOnlyMemory<float> _weights, _bias;
    private readonly FrontKind _kind;
    private readonly int _inputs;
    private readonly RowWeights _dense;

    public StreamFront(ParameterSet<float> parameters, FrontLayer front, int outputs)
    {
        (_kind, _inputs, Outputs) = (front.Kind, front.Inputs, outputs);
        _weights = parameters[ClassifierLayout.FrontName].Memory;
        _bias = front.Kind == FrontKind.Dense ? parameters[ClassifierLayout.FrontBiasName].Memory : default;
        _dense = new RowWeights(_weights, _inputs, outputs);
    }

    /// <summary>Values that it gives.</summary>
    public int Outputs { get; }

    /// <param name="frame">As the data set stores it.</param>
    /// <param name="scale">Of each channel.</param>
    /// <param name="shift">Of each channel.</param>
    /// <param name="work">As long as the frame.</param>
    /// <param name="destination">[Outputs]</param>
    /// <exception cref="ArgumentException">The frame is none of the symbols.</exception>
    public void Run<TSource>(ReadOnlySpan<TSource> frame, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, Span<float> work, Span<float> destination)
        where TSource : unmanaged
    {
        if (_kind == FrontKind.Embedding)
        {
            var symbol = ChannelScaling.Number(frame[0]);
            if (!(symbol >= 0 && symbol < _inputs)) throw new ArgumentException($"frame: expected a symbol of 0 to {_inputs - 1}, found {symbol}", nameof(frame));
            _weights.Span.Slice((int)symbol * Outputs, Outputs).CopyTo(destination);
            return;
        }

        ChannelScaling.Apply(frame, scale, shift, work);
        _bias.Span.CopyTo(destination);
        _dense.Multiply(work[..frame.Length], destination, 0, Accumulation.Add);
        for (var i = 0; i < destination.Length; i++) destination[i] = float.Max(destination[i], Slope * destination[i]);
    }
}
