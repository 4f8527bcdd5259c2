using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// What a sequence classifier is: frames of N values, scaled, through an LSTM of H units whose input matrix [N, 4 H] is held in a format
/// and whose recurrent matrix [H, 4 H] is dense, and a dense layer to the classes.
/// </summary>
public sealed record ModelOptions
{
    /// <summary>Modes of a frame: N is their product.</summary>
    public required IReadOnlyList<int> InputModes { get; init; }

    /// <summary>Modes of the hidden units, without the gates: H is their product.</summary>
    public required IReadOnlyList<int> HiddenModes { get; init; }

    /// <summary>Which output mode of the input matrix the four gates multiply.</summary>
    public GateMode Gates { get; init; } = GateMode.First;

    /// <summary>How the input matrix is held; see <see cref="WeightFormat"/>.</summary>
    public IMatrixFormat InputWeights { get; init; } = WeightFormat.Dense;

    public Readout Readout { get; init; } = Readout.Last;

    /// <summary>Name of each class, two or more.</summary>
    public required IReadOnlyList<string> Classes { get; init; }
}
