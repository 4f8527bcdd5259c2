using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>A model as it will be built: the preset, the options and the defaults put together, and checked.</summary>
/// <param name="Preset">The preset that it started from; null where there is none.</param>
/// <param name="Cell">The recurrent cell.</param>
/// <param name="Format">How the input matrix is held.</param>
/// <param name="InputModes">Modes of a frame's values.</param>
/// <param name="HiddenModes">Modes of the hidden units, the gates left out.</param>
/// <param name="Gates">Where the gates go.</param>
/// <param name="Input">The input matrix of all gates.</param>
internal sealed record ModelSetting(
    string? Preset, CellKind Cell, IMatrixFormat Format, IReadOnlyList<int> InputModes, IReadOnlyList<int> HiddenModes, GateMode Gates, GateLayout Input)
{
    public int Hidden => Input.Hidden;
}
