using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>h and, of an LSTM, c of one layer, for one sequence or sixteen in lanes.</summary>
internal sealed class StreamState
{
    public StreamState(LayerLayout layout, int width)
    {
        var length = checked(layout.Hidden * width);
        (Hidden, Cell) = (new(length), new(layout.Cell == CellKind.Lstm ? length : 0));
    }

    public AlignedBuffer<float> Hidden { get; }

    public AlignedBuffer<float> Cell { get; }

    /// <summary>Zeros, in every <paramref name="width"/>-th element from <paramref name="lane"/>.</summary>
    public void Clear(int lane, int width)
    {
        foreach (var values in (ReadOnlySpan<AlignedBuffer<float>>)[Hidden, Cell])
        {
            for (var i = lane; i < values.Length; i += width) values.Span[i] = 0;
        }
    }
}
