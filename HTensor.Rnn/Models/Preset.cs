using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>A published setting of a recurrent cell, counted from its format's own cores.</summary>
public sealed record Preset
{
    /// <summary>As the tool's <c>--preset</c> takes it.</summary>
    public required string Name { get; init; }

    public required CellKind Cell { get; init; }

    public required PresetScope Scope { get; init; }

    /// <summary>Holds W, and in a preset of the whole cell U too.</summary>
    public required IMatrixFormat Format { get; init; }

    public required IReadOnlyList<int> InputModes { get; init; }

    /// <summary>The gates left out.</summary>
    public required IReadOnlyList<int> HiddenModes { get; init; }

    public GateMode GateMode { get; init; } = GateMode.First;

    /// <summary>The count as the papers print it; null where none does.</summary>
    public long? PrintedParameters { get; init; }

    /// <summary>Gates of the cell: 4 of an LSTM, 3 of a GRU.</summary>
    public int Gates => Cell == CellKind.Lstm ? 4 : 3;

    public int Inputs => new MatrixModes(InputModes, HiddenModes).Rows;

    public int Hidden => new MatrixModes(InputModes, HiddenModes).Columns;

    /// <summary>Stored numbers of what <see cref="Scope"/> says.</summary>
    public long Parameters => Scope == PresetScope.Input
        ? Input().Network.ParameterCount
        : Input().Network.ParameterCount + Layout(HiddenModes).Network.ParameterCount + Biases;

    /// <summary>The same, held densely.</summary>
    public long DenseParameters => Scope == PresetScope.Input ? (long)Inputs * Biases : ((long)Inputs + Hidden + 1) * Biases;

    private long Biases => (long)Gates * Hidden;

    /// <summary>W of all gates.</summary>
    public GateLayout Input() => Layout(InputModes);

    private GateLayout Layout(IReadOnlyList<int> inputs) => GateLayout.Create(Format, inputs, HiddenModes, Gates, GateMode);
}
