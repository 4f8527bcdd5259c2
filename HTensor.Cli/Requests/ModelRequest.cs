namespace HTensor.Cli;

/// <summary>What the options say of the model. Null: not said, so the preset's, else the default.</summary>
internal sealed record ModelRequest
{
    public string? Preset { get; init; }

    public string? Cell { get; init; }

    public string? Format { get; init; }

    public Modes? InputModes { get; init; }

    public int? Hidden { get; init; }

    /// <summary>The gates left out: 4,4,2,4,2 for 256 hidden units.</summary>
    public Modes? HiddenModes { get; init; }

    public int? Rank { get; init; }

    public int? InnerRank { get; init; }

    public int? Blocks { get; init; }

    public string? Tree { get; init; }

    public string? Gates { get; init; }

    /// <summary>Of a GRU.</summary>
    public string? Reset { get; init; }

    public string? RecurrentFormat { get; init; }

    /// <summary>Null where it is not said: a flag is never false.</summary>
    public bool? Joint { get; init; }

    public int? Layers { get; init; }

    public bool? Bidirectional { get; init; }

    /// <summary>Values that a layer in front gives: a dense one, or an embedding of symbols.</summary>
    public int? Front { get; init; }
}
