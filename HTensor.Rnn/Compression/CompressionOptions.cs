namespace HTensor.Rnn;

/// <summary>What a trained dense model is compressed into, and how far.</summary>
public sealed record CompressionOptions
{
    /// <summary>Of the input matrices W; where <see cref="Coupling"/> is joint, of both as one.</summary>
    public required CompressedFormat Format { get; init; }

    /// <summary>Of the recurrent matrices U; null: they stay dense.</summary>
    public CompressedFormat? RecurrentFormat { get; init; }

    /// <summary>Whether W and U are decomposed as one matrix.</summary>
    public WeightCoupling Coupling { get; init; } = WeightCoupling.Separate;

    public required CompressionGoal Goal { get; init; }

    /// <summary>Modes of the first layer's inputs, of the same product or more; null: chosen, for each matrix anew.</summary>
    public IReadOnlyList<int>? InputModes { get; init; }

    /// <summary>Modes of the hidden units, the gates left out; null: chosen.</summary>
    public IReadOnlyList<int>? HiddenModes { get; init; }

    /// <summary>The tree of hierarchical Tucker over given modes or a given rank.</summary>
    public string Tree { get; init; } = "balanced";

    /// <summary>Terms of block term.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Sequences whose inputs weight the error, and over which the outputs' error is measured; null: none.</summary>
    public SequenceSet? Calibration { get; init; }
}
