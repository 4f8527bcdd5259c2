using HTensor.Autodiff;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>The parameters of a model, their names, shapes and counts, from its options: those in front, layer after layer, the read-out's.</summary>
internal sealed class ClassifierLayout
{
    public const string RecurrentName = "recurrent.U";
    public const string BiasName = "recurrent.bias";
    public const string ReadoutName = "readout.W";
    public const string ReadoutBiasName = "readout.bias";
    public const string FrontName = "front.W";
    public const string FrontBiasName = "front.bias";

    /// <exception cref="ArgumentException">Modes, ranks or outputs do not fit; the message names what was expected and found.</exception>
    public ClassifierLayout(ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RequireOutputs(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Layers, 1);
        // A copy: a caller's list may change, a model may not.
        Options = options with
        {
            InputModes = [.. options.InputModes],
            HiddenModes = [.. options.HiddenModes],
            Classes = [.. options.Classes],
            LayerFormats = [.. options.LayerFormats],
            Readout = options.Task is SequenceTask.NextNotes or SequenceTask.NextSymbol or SequenceTask.States ? HTensor.Rnn.Readout.Step : options.Readout,
        };
        RequireLayerFormats(options);
        Layers = [.. Enumerable.Range(0, options.Layers).Select(layer => Directions(Options, layer))];
        var inputs = Layers[0][0].Inputs;
        FrameSize = options.Front switch { null => inputs, { Kind: FrontKind.Embedding } => 1, var dense => dense.Inputs };
        if (options.Front is { } front) Front = WeightFormat.Dense.Describe(new MatrixModes([front.Inputs], [inputs]));
        if (options.Task != SequenceTask.States) Readout = WeightFormat.Dense.Describe(new MatrixModes([States], [options.Classes.Count]));
        Parameters =
        [
            .. Front is null ? Array.Empty<ParameterShape>() : [new ParameterShape(FrontName, Front.CoreShape(0))],
            .. options.Front?.Kind == FrontKind.Dense ? [new ParameterShape(FrontBiasName, [inputs])] : Array.Empty<ParameterShape>(),
            .. Layers.SelectMany(directions => directions).SelectMany(layer => layer.Parameters),
            .. Readout is null ? Array.Empty<ParameterShape>() : [new ParameterShape(ReadoutName, Readout.CoreShape(0)), new ParameterShape(ReadoutBiasName, [Outputs])],
        ];
    }

    public ModelOptions Options { get; }

    /// <summary>From the first to the last, each forward and, where the model is bidirectional, backward.</summary>
    public IReadOnlyList<IReadOnlyList<LayerLayout>> Layers { get; }

    /// <summary>Of a dense layer or an embedding before the first layer; null where there is none.</summary>
    public MatrixNetwork? Front { get; }

    /// <summary>W of the first layer.</summary>
    public GateLayout Input => Layers[0][0].Input;

    /// <summary>From the last layer's states to the outputs; null where the states are the outputs.</summary>
    public MatrixNetwork? Readout { get; }

    /// <summary>Values that the model says: one a class, note, symbol or number, or all states of the last layer.</summary>
    public int Outputs => Readout is null ? States : Options.Classes.Count;

    /// <summary>Whether a prediction is the outputs of every step.</summary>
    public bool PredictsSteps => Options.Task is SequenceTask.NextNotes or SequenceTask.NextSymbol or SequenceTask.States;

    /// <summary>Gates of the cell.</summary>
    public int Gates => Layers[0][0].Gates;

    public int Hidden => Layers[0][0].Hidden;

    /// <summary>States of the last layer in both directions.</summary>
    private int States => Hidden * Layers[^1].Count;

    public int FrameSize { get; }

    /// <summary>All parameters in the order of the set.</summary>
    public IReadOnlyList<ParameterShape> Parameters { get; }

    /// <summary>Name of a core of the first layer's W.</summary>
    public string InputName(int core) => Layers[0][0].CoreName("input", Input, core);

    private static LayerLayout[] Directions(ModelOptions options, int layer)
    {
        var prefix = layer == 0 ? "" : $"layer{layer}.";
        var bidirectional = options.Direction == Direction.Bidirectional;
        IReadOnlyList<int> modes = layer == 0 ? options.InputModes : [options.HiddenModes[0] * (bidirectional ? 2 : 1), .. options.HiddenModes.Skip(1)];
        var directions = bidirectional ? 2 : 1;
        LayerLayout Of(int direction, string name) => new(options.OfLayer(layer * directions + direction), name, modes);
        return bidirectional ? [Of(0, prefix), Of(1, prefix + "reverse.")] : [Of(0, prefix)];
    }

    private static void RequireLayerFormats(ModelOptions options)
    {
        var layers = options.Layers * (options.Direction == Direction.Bidirectional ? 2 : 1);
        if (options.LayerFormats.Count != 0 && options.LayerFormats.Count != layers)
            throw new ArgumentException($"layer formats: expected none or {layers}, one for each layer and direction, found {options.LayerFormats.Count}");
    }

    private static void RequireOutputs(ModelOptions options)
    {
        if (options.Task is SequenceTask.Class or SequenceTask.NextSymbol)
        {
            if (SequenceData.FirstFault(options.Classes) is { } fault) throw new ArgumentException($"classes: {fault}");
        }
        else if (options.Task == SequenceTask.States)
        {
            if (options.Classes.Count > 0) throw new ArgumentException($"classes: expected none of a model whose outputs are its states, found {options.Classes.Count}");
        }
        else if (options.Classes.Count == 0)
        {
            throw new ArgumentException("classes: expected a name for each output, one or more, found none");
        }

        if (options is { Front: not null, StepInput: not StepInput.Frame })
            throw new ArgumentException($"step input: expected frames where a layer stands in front, found {options.StepInput}");
        if (options.Front is { Inputs: < 1 } front) throw new ArgumentException($"front: expected inputs of at least 1, found {front.Inputs}");
    }
}
