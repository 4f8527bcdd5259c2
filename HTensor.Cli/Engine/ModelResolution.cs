using System.Diagnostics;
using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>What was asked of a model, with the preset and the defaults filled in: an option overrides the preset, a preset the defaults.</summary>
internal static class ModelResolution
{
    /// <summary>Values of an embedding where none are said.</summary>
    private const int EmbeddingWidth = 64;

    /// <summary>The model over a frame of this shape, to be trained.</summary>
    /// <param name="request">The options.</param>
    /// <param name="frame">Shape of a frame.</param>
    /// <param name="task">What it is to predict.</param>
    /// <param name="symbols">Different symbols, where they are what is predicted.</param>
    /// <exception cref="RequestException">The parts do not fit each other or the frame; the message says which.</exception>
    public static ModelSetting ForTraining(ModelRequest request, IReadOnlyList<int> frame, SequenceTask task = SequenceTask.Class, int symbols = 0)
    {
        var preset = Preset(request);
        var size = new MatrixModes(frame, [1]).Rows;
        if (task == SequenceTask.NextSymbol) return Resolve(request, preset, [request.Front ?? EmbeddingWidth], FrontLayer.Embedding(symbols));

        // The published music models have a dense layer between the notes and the cell.
        var front = request.Front ?? (preset is { Scope: PresetScope.Cell } && request.InputModes is null && preset.Inputs != size ? preset.Inputs : null);
        return front is { } width ? Resolve(request, preset, [width], FrontLayer.Dense(size)) : Resolve(request, preset, frame, null);
    }

    /// <summary>The model by itself, without data.</summary>
    /// <exception cref="RequestException">The parts do not fit each other; the message says which.</exception>
    public static ModelSetting Alone(ModelRequest request) => Resolve(request, Preset(request), null, null);

    private static ModelSetting Resolve(ModelRequest request, Preset? preset, IReadOnlyList<int>? frame, FrontLayer? front) => Request.Check(() =>
    {
        if (request is { Joint: true, RecurrentFormat: { } other }) throw new RequestException($"--recurrent-format {other}: expected none beside --joint, which holds both matrices as one");
        var (cell, format) = (Cell(request, preset), FormatChoice.Of(request, preset?.Format));
        var modes = new ModeChoice(request, preset, frame, format.Pairing);
        var options = new ModelOptions
        {
            InputModes = modes.Inputs(),
            HiddenModes = modes.Hidden(),
            Cell = cell,
            Reset = request.Reset == "after" ? GruReset.After : GruReset.Before,
            Gates = Gates(request, preset),
            InputWeights = format,
            RecurrentWeights = request.Joint == true ? WeightFormat.Dense : FormatChoice.Recurrent(request, preset),
            Coupling = request.Joint == true ? WeightCoupling.Joint : WeightCoupling.Separate,
            Layers = request.Layers ?? 1,
            Direction = request.Bidirectional == true ? Direction.Bidirectional : Direction.Forward,
            Front = front,
            Classes = [],
        };
        return new ModelSetting(preset?.Name, options, ModelStructure.FirstMatrix(options));
    });

    private static Preset? Preset(ModelRequest request) => request.Preset is not { } name ? null : PublishedPresets.Find(name)
        ?? throw new RequestException($"--preset: expected {string.Join(", ", PublishedPresets.All.Select(preset => preset.Name))}, found \"{name}\"");

    private static CellKind Cell(ModelRequest request, Preset? preset) => request.Cell switch
    {
        null => preset?.Cell ?? CellKind.Lstm,
        "lstm" => CellKind.Lstm,
        "gru" => CellKind.Gru,
        "rnn" => CellKind.Rnn,
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
}
