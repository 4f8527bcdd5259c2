using System.Diagnostics;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>What was asked of a model, with the preset and the defaults filled in: an option overrides the preset, a preset the defaults.</summary>
internal static class ModelResolution
{
    /// <summary>The model over a frame of this shape, to be trained.</summary>
    /// <exception cref="RequestException">The parts do not fit each other or the frame; the message says which.</exception>
    public static ModelSetting ForTraining(ModelRequest request, IReadOnlyList<int> frame)
    {
        var preset = Preset(request);
        var cell = Cell(request, preset);
        return cell == CellKind.Lstm
            ? Resolve(request, preset, frame)
            : throw new RequestException($"preset {preset?.Name}: expected a cell that can be trained, lstm, found {Name(cell)} (htensor plan shows its input matrix)");
    }

    /// <summary>The model by itself, without data.</summary>
    /// <exception cref="RequestException">The parts do not fit each other; the message says which.</exception>
    public static ModelSetting Alone(ModelRequest request) => Resolve(request, Preset(request), null);

    private static ModelSetting Resolve(ModelRequest request, Preset? preset, IReadOnlyList<int>? frame) => Request.Check(() =>
    {
        var cell = Cell(request, preset);
        var format = FormatChoice.Of(request, preset?.Format);
        var modes = new ModeChoice(request, preset, frame, format.Pairing);
        var (inputs, hidden, gates) = (modes.Inputs(), modes.Hidden(), Gates(request, preset));
        var layout = GateLayout.Create(format, inputs, hidden, cell == CellKind.Lstm ? 4 : 3, gates);
        return new ModelSetting(preset?.Name, cell, format, inputs, hidden, gates, layout);
    });

    private static Preset? Preset(ModelRequest request) => request.Preset is not { } name ? null : PublishedPresets.Find(name)
        ?? throw new RequestException($"--preset: expected {string.Join(", ", PublishedPresets.All.Select(preset => preset.Name))}, found \"{name}\"");

    private static CellKind Cell(ModelRequest request, Preset? preset) => request.Cell switch
    {
        null => preset?.Cell ?? CellKind.Lstm,
        "lstm" => CellKind.Lstm,
        "gru" => CellKind.Gru,
        var other => throw new UnreachableException(other),
    };

    private static GateMode Gates(ModelRequest request, Preset? preset) => request.Gates switch
    {
        null => preset?.GateMode ?? GateMode.First,
        "first" => GateMode.First,
        "last" => GateMode.Last,
        "own" => GateMode.Own,
        var other => throw new UnreachableException(other),
    };

    private static string Name(CellKind cell) => cell == CellKind.Lstm ? "lstm" : "gru";
}
