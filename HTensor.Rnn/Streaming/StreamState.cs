using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>h and, of an LSTM, c of one layer, for one sequence or sixteen in lanes; and the sum of h over the steps where the mean is read.</summary>
internal sealed class StreamState
{
    public StreamState(LayerLayout layout, int width)
    {
        var length = checked(layout.Hidden * width);
        (Hidden, Cell, Sum) = (new(length), new(layout.Cell == CellKind.Lstm ? length : 0), new(length));
    }

    public AlignedBuffer<float> Hidden { get; }

    public AlignedBuffer<float> Cell { get; }

    public AlignedBuffer<float> Sum { get; }

    /// <summary>Zeros, in every <paramref name="width"/>-th element from <paramref name="lane"/>.</summary>
    public void Clear(int lane, int width)
    {
        foreach (var values in (ReadOnlySpan<AlignedBuffer<float>>)[Hidden, Cell, Sum])
        {
            for (var i = lane; i < values.Length; i += width) values.Span[i] = 0;
        }
    }
}
