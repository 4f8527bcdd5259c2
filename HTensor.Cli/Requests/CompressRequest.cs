using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>What <c>compress</c> was asked for.</summary>
/// <param name="Model">A model of ours or of another program.</param>
/// <param name="Out">The model file to write.</param>
internal sealed record CompressRequest(string Model, string Out)
{
    /// <summary>As <see cref="CompressVerb.Names"/> spells it.</summary>
    public required string Format { get; init; }

    public string? RecurrentFormat { get; init; }

    public bool Joint { get; init; }

    public double? Tolerance { get; init; }

    public double? Ratio { get; init; }

    public int? Rank { get; init; }

    public int? Parameters { get; init; }

    public Modes? InputModes { get; init; }

    public Modes? HiddenModes { get; init; }

    public string? Tree { get; init; }

    public int? Blocks { get; init; }

    /// <summary>Sequences whose inputs weight the error.</summary>
    public string? Calibrate { get; init; }

    public FrameSize? Resize { get; init; }

    /// <summary>What a model of another program does not say.</summary>
    public ImportOptions? Import { get; init; }
}
