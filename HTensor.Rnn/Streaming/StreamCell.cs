using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// A step of a cell that carries its state, over one sequence or sixteen in lanes: the equations of <see cref="LstmRecurrence{T}"/>,
/// <see cref="GruBeforeRecurrence{T}"/>, <see cref="GruAfterRecurrence{T}"/> and <see cref="RnnRecurrence{T}"/>. All rows have H values, or H blocks of lanes.
/// </summary>
internal static class StreamCell
{
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Its U.</param>
    /// <param name="gates">z with bias, [gates] rows, then room up to the layer's gate rows; overwritten.</param>
    /// <param name="before">The state before, h and c.</param>
    /// <param name="after">The state after; may be the same.</param>
    /// <param name="work">One row.</param>
    public static void Advance(StreamLayer layer, IRecurrentWeights weights, Span<float> gates, StreamState before, StreamState after, Span<float> work)
    {
        var rows = new Rows(gates, before.Hidden.Length);
        switch (layer.Layout.Cell)
        {
            case CellKind.Lstm:
                weights.Add(before.Hidden.Span, gates, 0, 4);
                LstmCell.Forward(rows[0], rows[1], rows[2], rows[3], before.Cell.Span, after.Cell.Span, after.Hidden.Span);
                break;
            case CellKind.Rnn:
                weights.Add(before.Hidden.Span, gates, 0, 1);
                RnnCell.Forward(rows[0]);
                rows[0].CopyTo(after.Hidden.Span);
                break;
            case CellKind.Gru when layer.CandidateBias.IsEmpty:
                weights.Add(before.Hidden.Span, gates, 0, 2);
                GruCell.ForwardReset<float>(rows[0], rows[1], before.Hidden.Span, work);
                weights.Add(work, gates, 2, 1);
                GruCell.ForwardCandidate<float>(rows[1], rows[2], before.Hidden.Span, after.Hidden.Span);
                break;
            default:
                rows[2].CopyTo(rows[3]);
                Spread(layer.CandidateBias.Span, rows[2]);
                weights.Add(before.Hidden.Span, gates, 0, 3);
                GruCell.Forward<float>(rows[0], rows[1], rows[2], rows[3], before.Hidden.Span, after.Hidden.Span);
                break;
        }
    }

    /// <summary>Each value into all lanes that it has.</summary>
    private static void Spread(ReadOnlySpan<float> values, Span<float> row)
    {
        var width = row.Length / values.Length;
        for (var i = 0; i < values.Length; i++) row.Slice(i * width, width).Fill(values[i]);
    }

    private readonly ref struct Rows(Span<float> gates, int length)
    {
        private readonly Span<float> _gates = gates;

        public Span<float> this[int row] => _gates.Slice(row * length, length);
    }
}
