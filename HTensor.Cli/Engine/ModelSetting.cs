using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>A model as it will be built: the preset, the options and the defaults put together, and checked.</summary>
/// <param name="Preset">The preset that it started from; null where there is none.</param>
/// <param name="Options">The model but for its outputs.</param>
/// <param name="Input">The first layer's input matrix of all gates; where it is one with the recurrent matrix, both.</param>
internal sealed record ModelSetting(string? Preset, ModelOptions Options, GateLayout Input)
{
    public CellKind Cell => Options.Cell;

    public IMatrixFormat Format => Options.InputWeights;

    public IReadOnlyList<int> InputModes => Options.InputModes;

    public IReadOnlyList<int> HiddenModes => Options.HiddenModes;

    public GateMode Gates => Options.Gates;

    public int Hidden => Input.Hidden;

    /// <summary>How the recurrent matrix is held, as the tool names it.</summary>
    public string RecurrentFormat => Options.Coupling == WeightCoupling.Joint ? "joint" : Options.RecurrentWeights.Name;
}
