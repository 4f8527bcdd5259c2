using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// What a sequence model is: frames, scaled, perhaps through a layer in front, then through layers of recurrent cells of H units, and a dense layer
/// to the outputs. A layer's input matrix [N, gates H] and its recurrent matrix [H, gates H] are each held in a format, or both as one.
/// </summary>
public sealed record ModelOptions
{
    /// <summary>Modes of what the first recurrent layer reads: N is their product, the values of a frame where nothing stands in front.</summary>
    public required IReadOnlyList<int> InputModes { get; init; }

    /// <summary>Modes of the hidden units, without the gates: H is their product.</summary>
    public required IReadOnlyList<int> HiddenModes { get; init; }

    /// <summary>The recurrent cell.</summary>
    public CellKind Cell { get; init; } = CellKind.Lstm;

    /// <summary>Of a GRU: where its reset gate acts.</summary>
    public GruReset Reset { get; init; } = GruReset.Before;

    /// <summary>Which output mode of a matrix the gates multiply.</summary>
    public GateMode Gates { get; init; } = GateMode.First;

    /// <summary>How input matrices are held; see <see cref="WeightFormat"/>.</summary>
    public IMatrixFormat InputWeights { get; init; } = WeightFormat.Dense;

    /// <summary>How recurrent matrices are held; their input modes are the hidden modes. Not looked at where <see cref="Coupling"/> is joint.</summary>
    public IMatrixFormat RecurrentWeights { get; init; } = WeightFormat.Dense;

    /// <summary>
    /// Formats of each layer, where they differ, a layer's forward direction before its backward one; empty: <see cref="InputWeights"/> and
    /// <see cref="RecurrentWeights"/> hold for all.
    /// </summary>
    public IReadOnlyList<LayerFormats> LayerFormats { get; init; } = [];

    /// <summary>Whether both matrices of a layer are held apart.</summary>
    public WeightCoupling Coupling { get; init; } = WeightCoupling.Separate;

    /// <summary>Recurrent layers, each over the states of the one before.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>In which order the layers walk the steps.</summary>
    public Direction Direction { get; init; } = Direction.Forward;

    /// <summary>What the first recurrent layer reads of the frames: themselves, or their differences from step to step.</summary>
    public StepInput StepInput { get; init; } = StepInput.Frame;

    /// <summary>What stands before the first recurrent layer; null: nothing.</summary>
    public FrontLayer? Front { get; init; }

    /// <summary>What the model says of a sequence.</summary>
    public SequenceTask Task { get; init; } = SequenceTask.Class;

    /// <summary>Of which steps; at every step where the task is the next frame or symbol.</summary>
    public Readout Readout { get; init; } = Readout.Last;

    /// <summary>Name of each output: of each class, two or more; of each note, symbol or number that is predicted. Empty where the task is the states.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The options with the formats of one layer and direction.</summary>
    internal ModelOptions OfLayer(int layer) =>
        LayerFormats.Count == 0 ? this : this with { InputWeights = LayerFormats[layer].Input, RecurrentWeights = LayerFormats[layer].Recurrent };
}
