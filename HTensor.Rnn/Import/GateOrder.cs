namespace HTensor.Rnn;

/// <summary>In which order a program keeps the gates of a cell: where ours, i f g o of an LSTM and r z n of a GRU, stand in it.</summary>
internal static class GateOrder
{
    private static readonly int[] Plain = [0];

    /// <summary>PyTorch: i f g o; r z n.</summary>
    public static int[] PyTorch(CellKind cell) => Of(cell, [0, 1, 2, 3], [0, 1, 2]);

    /// <summary>Keras: i f c o; z r h.</summary>
    public static int[] Keras(CellKind cell) => Of(cell, [0, 1, 2, 3], [1, 0, 2]);

    /// <summary>ONNX: i o f c; z r h.</summary>
    public static int[] Onnx(CellKind cell) => Of(cell, [0, 2, 3, 1], [1, 0, 2]);

    /// <summary>The cell with as many gates; null: none has.</summary>
    public static CellKind? CellOf(int gates) => gates switch { 4 => CellKind.Lstm, 3 => CellKind.Gru, 1 => CellKind.Rnn, _ => null };

    private static int[] Of(CellKind cell, int[] lstm, int[] gru) => cell switch { CellKind.Lstm => lstm, CellKind.Gru => gru, _ => Plain };
}
