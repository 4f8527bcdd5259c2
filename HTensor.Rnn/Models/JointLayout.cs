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
        if (format is DenseFormat) throw new ArgumentException("joint: expected a format with cores, found dense, which holds both matrices as they are");
        var modes = new MatrixModes(inputModes, options.HiddenModes);
        var (inputs, hidden) = (modes.Rows, modes.Columns);
        // A format that takes whole sides has its own modes behind the first, or none.
        IReadOnlyList<int> behind = format is OwnModesFormat own ? [.. own.Modes.Inputs.Skip(1)] : format.Pairing == ModePairing.Whole ? [] : [.. inputModes.Skip(1)];
        var rest = new MatrixModes([1, .. behind], [1]).Rows;
        var (first, more) = ((inputs + rest - 1) / rest, (hidden + rest - 1) / rest);
        Whole = GateLayout.Create(format, [first + more, .. behind], options.HiddenModes, gates, options.Gates);
        if (format is OwnModesFormat && Whole.Network.Modes.Inputs[0] != first + more)
            throw new ArgumentException($"joint: expected a first input mode of {first} + {more} for {inputs} inputs and {hidden} hidden units, found {Whole.Network.Modes.Inputs[0]}");
        Padding = first * rest - inputs + more * rest - hidden;

        // Where the gates have a pair of modes of their own, an input mode of size 1 stands in front.
        var front = Whole.Network.Modes.Inputs.Count - behind.Count - 1;
        (int First, int Count)[] ahead = [.. Enumerable.Repeat((0, 1), front)];
        InputRanges = [.. ahead, (0, first), .. behind.Select(size => (0, size))];
        RecurrentRanges = [.. ahead, (first, more), .. Box(behind, hidden)];
        (Input, Recurrent) = (Whole.Cut(InputRanges, inputs), Whole.Cut(RecurrentRanges, hidden));
    }

    /// <summary>All rows.</summary>
    public GateLayout Whole { get; }

    /// <summary>The rows of the frame.</summary>
    public GateLayout Input { get; }

    /// <summary>Rows of which the first H are the hidden units'.</summary>
    public GateLayout Recurrent { get; }

    /// <summary>Rows that multiply nothing, behind W's and behind U's.</summary>
    public int Padding { get; }

    /// <summary>For each input mode the indices that belong to <see cref="Input"/>.</summary>
    public IReadOnlyList<(int First, int Count)> InputRanges { get; }

    /// <summary>For each input mode the indices that belong to <see cref="Recurrent"/>.</summary>
    public IReadOnlyList<(int First, int Count)> RecurrentRanges { get; }

    /// <summary>Of the modes behind the first, the fewest leading indices that hold the first <paramref name="rows"/> rows, which then stand one after another.</summary>
    private static (int First, int Count)[] Box(IReadOnlyList<int> behind, int rows)
    {
        var ranges = new (int First, int Count)[behind.Count];
        var stride = 1L;
        for (var mode = behind.Count - 1; mode >= 0; mode--)
        {
            ranges[mode] = (0, (int)Math.Min(behind[mode], (rows + stride - 1) / stride));
            stride *= behind[mode];
        }

        return ranges;
    }
}
