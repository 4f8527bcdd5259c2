using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// Input and recurrent matrix of a layer as one, [W; U; padding]: the rows of the frame's N values, then those of the H hidden units. The first
/// input mode n1 of W becomes n1 + ceil(H n1 / N), so that no row of W moves; N / n1 ceil(H n1 / N) - H rows are padding and multiply nothing.
/// W and U are the matrix with its input modes cut to ranges, so with the same cores, cut.
/// </summary>
internal sealed class JointLayout
{
    public JointLayout(ModelOptions options, IReadOnlyList<int> inputModes, int gates)
    {
        var format = options.InputWeights;
        if (format.Pairing == ModePairing.Whole) throw new ArgumentException($"joint: expected a format with cores, found {format.Name}, which holds both matrices as they are");
        var modes = new MatrixModes(inputModes, options.HiddenModes);
        var (inputs, hidden) = (modes.Rows, modes.Columns);
        var rest = inputs / inputModes[0];
        var more = (hidden + rest - 1) / rest;
        Whole = GateLayout.Create(format, [inputModes[0] + more, .. inputModes.Skip(1)], options.HiddenModes, gates, options.Gates);
        Padding = more * rest - hidden;

        // Where the gates have a pair of modes of their own, an input mode of size 1 stands in front.
        var front = Whole.Network.Modes.Inputs.Count - inputModes.Count;
        (int First, int Count)[] ahead = [.. Enumerable.Repeat((0, 1), front)];
        InputRanges = [.. ahead, .. inputModes.Select(size => (0, size))];
        RecurrentRanges = [.. ahead, (inputModes[0], more), .. Box(inputModes, hidden)];
        (Input, Recurrent) = (Whole.Cut(InputRanges), Whole.Cut(RecurrentRanges));
    }

    /// <summary>All rows.</summary>
    public GateLayout Whole { get; }

    /// <summary>The rows of the frame.</summary>
    public GateLayout Input { get; }

    /// <summary>Rows of which the first H are the hidden units'.</summary>
    public GateLayout Recurrent { get; }

    /// <summary>Rows that multiply nothing.</summary>
    public int Padding { get; }

    /// <summary>For each input mode the indices that belong to <see cref="Input"/>.</summary>
    public IReadOnlyList<(int First, int Count)> InputRanges { get; }

    /// <summary>For each input mode the indices that belong to <see cref="Recurrent"/>.</summary>
    public IReadOnlyList<(int First, int Count)> RecurrentRanges { get; }

    /// <summary>Of the modes behind the first, the fewest leading indices that hold the first <paramref name="rows"/> rows, which then stand one after another.</summary>
    private static (int First, int Count)[] Box(IReadOnlyList<int> modes, int rows)
    {
        var ranges = new (int First, int Count)[modes.Count - 1];
        var stride = 1L;
        for (var mode = modes.Count - 1; mode > 0; mode--)
        {
            ranges[mode - 1] = (0, (int)Math.Min(modes[mode], (rows + stride - 1) / stride));
            stride *= modes[mode];
        }

        return ranges;
    }
}
