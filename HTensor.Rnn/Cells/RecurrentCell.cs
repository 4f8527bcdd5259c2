using System.Numerics;

namespace HTensor.Rnn;

/// <summary>The cells by kind.</summary>
internal static class RecurrentCell
{
    public static IRecurrentCell<T> Create<T>(CellKind kind, GruReset reset, ISequenceBatch batch, UnitRange[] pieces)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (kind, reset) switch
        {
            (CellKind.Lstm, _) => new LstmRecurrence<T>(batch, pieces),
            (CellKind.Gru, GruReset.Before) => new GruBeforeRecurrence<T>(batch, pieces),
            (CellKind.Gru, GruReset.After) => new GruAfterRecurrence<T>(batch, pieces),
            (CellKind.Rnn, _) => new RnnRecurrence<T>(batch, pieces),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "cell: expected lstm, gru or rnn"),
        };

    /// <summary>Gates of a cell: 4, 3 or 1.</summary>
    public static int Gates(CellKind kind) => kind switch
    {
        CellKind.Lstm => 4,
        CellKind.Gru => 3,
        CellKind.Rnn => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "cell: expected lstm, gru or rnn"),
    };
}
