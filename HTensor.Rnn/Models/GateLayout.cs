using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// The weight matrix of all gates of a cell as one network, W [N, gates H], and where its output modes put a result: row = gate H + h, where
/// h counts the hidden units row-major over the hidden modes. Within the mode that holds them, the gates are the slow part of the index.
/// </summary>
public sealed class GateLayout
{
    private GateLayout(MatrixNetwork network, IReadOnlyList<int[]> outputOffsets, int gates, int inputs) =>
        (Network, OutputOffsets, Gates, Inputs) = (network, outputOffsets, gates, inputs);

    public MatrixNetwork Network { get; }

    /// <summary>For each output mode of <see cref="Network"/>, by how many rows each of its indices moves.</summary>
    public IReadOnlyList<int[]> OutputOffsets { get; }

    /// <summary>Gates: 4 of an LSTM, 3 of a GRU.</summary>
    public int Gates { get; }

    /// <summary>N. The network may have more rows: those behind are padding, and multiply zeros.</summary>
    public int Inputs { get; }

    /// <summary>H.</summary>
    public int Hidden => Network.Modes.Columns / Gates;

    /// <param name="format">How W is held. A format that takes whole sides has output modes of its own, row-major over gates H.</param>
    /// <param name="inputModes">n_k.</param>
    /// <param name="hiddenModes">m_k, the gates left out.</param>
    /// <param name="gates">Gates of the cell.</param>
    /// <param name="mode">Where the gates go. A mode of their own is paired with an input mode of size 1 where the format pairs modes.</param>
    /// <exception cref="ArgumentException">Modes or ranks do not fit the format.</exception>
    public static GateLayout Create(IMatrixFormat format, IReadOnlyList<int> inputModes, IReadOnlyList<int> hiddenModes, int gates, GateMode mode)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentOutOfRangeException.ThrowIfLessThan(gates, 1);
        var hidden = new MatrixModes(inputModes, hiddenModes).Columns;
        if ((long)gates * hidden > Array.MaxLength)
            throw new ArgumentException($"gates x hidden units: expected at most {Array.MaxLength} rows, found {gates} x {hidden}");
        int[][] offsets = [.. RowMajor(hiddenModes, hidden)];
        int[] inputs = [.. inputModes];
        switch (mode)
        {
            case GateMode.First:
                offsets[0] = WithGates(offsets[0], gates, hidden);
                break;
            case GateMode.Last:
                offsets[^1] = WithGates(offsets[^1], gates, hidden);
                break;
            case GateMode.Own:
                offsets = [WithGates([0], gates, hidden), .. offsets];
                if (format.Pairing == ModePairing.Paired) inputs = [1, .. inputs];
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(mode), mode, "gates: expected first, last or own");
        }

        var network = format.Describe(new MatrixModes(inputs, [.. offsets.Select(table => table.Length)]));
        var own = format.Pairing == ModePairing.Whole;
        return new GateLayout(network, own ? [.. RowMajor(network.Modes.Outputs, network.Modes.Columns)] : offsets, gates, new MatrixModes(inputs, [1]).Rows);
    }

    /// <summary>The rows whose index in each input mode is in a range, of which the first are not padding: the same bonds, and cores that are cut as well.</summary>
    internal GateLayout Cut(IReadOnlyList<(int First, int Count)> ranges, int inputs)
    {
        var modes = new MatrixModes([.. ranges.Select(range => range.Count)], Network.Modes.Outputs);
        return new GateLayout(new MatrixNetwork(modes, Network.Cores, Network.Bonds), OutputOffsets, Gates, inputs);
    }

    /// <summary>Rows by which the indices of each mode move, row-major.</summary>
    private static IEnumerable<int[]> RowMajor(IReadOnlyList<int> modes, int count)
    {
        var stride = count;
        foreach (var size in modes)
        {
            stride /= size;
            yield return [.. Enumerable.Range(0, size).Select(index => index * stride)];
        }
    }

    private static int[] WithGates(int[] offsets, int gates, int hidden) =>
        [.. Enumerable.Range(0, gates).SelectMany(gate => offsets.Select(offset => gate * hidden + offset))];
}
