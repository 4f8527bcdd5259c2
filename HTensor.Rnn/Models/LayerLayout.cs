using HTensor.Autodiff;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>The parameters of one recurrent layer in one direction: their names, which begin with <see cref="Prefix"/>, and shapes.</summary>
internal sealed class LayerLayout
{
    public LayerLayout(ModelOptions options, string prefix, IReadOnlyList<int> inputModes)
    {
        var gates = RecurrentCell.Gates(options.Cell);
        (Prefix, Gates, Cell, Reset) = (prefix, gates, options.Cell, options.Reset);
        Joint = options.Coupling == WeightCoupling.Joint ? new JointLayout(options, inputModes, gates) : null;
        Input = Joint?.Input ?? GateLayout.Create(options.InputWeights, inputModes, options.HiddenModes, gates, options.Gates);
        if (Joint is null && options.RecurrentWeights is not DenseFormat)
            Recurrent = GateLayout.Create(options.RecurrentWeights, options.HiddenModes, options.HiddenModes, gates, options.Gates);
        Matrices = Joint is not null ? [.. Cores("joint", Joint.Whole)]
            : [.. Cores("input", Input), .. Recurrent is null ? [new ParameterShape(Name(ClassifierLayout.RecurrentName), [Hidden, gates * Hidden])] : Cores("recurrent", Recurrent)];
        Named = Joint is not null ? [new LayerMatrix(Name("joint"), options.InputWeights, Joint.Whole)]
            :
            [
                new LayerMatrix(Name("input"), options.InputWeights, Input),
                new LayerMatrix(Name("recurrent"), options.RecurrentWeights,
                    Recurrent ?? GateLayout.Create(WeightFormat.Dense, options.HiddenModes, options.HiddenModes, gates, options.Gates)),
            ];
        Parameters =
        [
            .. Matrices,
            new ParameterShape(BiasName, [gates * Hidden]),
            .. CandidateBiasName is { } name ? [new ParameterShape(name, [Hidden])] : Array.Empty<ParameterShape>(),
        ];
    }

    public string Prefix { get; }

    public CellKind Cell { get; }

    public GruReset Reset { get; }

    public int Gates { get; }

    public int Hidden => Input.Hidden;

    /// <summary>N, the values of a step that the layer reads.</summary>
    public int Inputs => Input.Inputs;

    /// <summary>W; its cores are cut from the joint ones where both matrices are one.</summary>
    public GateLayout Input { get; }

    /// <summary>U in cores of its own; null where it is dense, or one with W.</summary>
    public GateLayout? Recurrent { get; }

    /// <summary>Both matrices as one; null where they are held apart.</summary>
    public JointLayout? Joint { get; }

    public string BiasName => Name(ClassifierLayout.BiasName);

    /// <summary>The bias of the product that a GRU's reset gate acts on; null for other cells.</summary>
    public string? CandidateBiasName => Cell == CellKind.Gru && Reset == GruReset.After ? Name("recurrent.candidateBias") : null;

    /// <summary>What holds W and U, in the order of the set.</summary>
    public IReadOnlyList<ParameterShape> Matrices { get; }

    /// <summary>W and U, or both as one, by name and format.</summary>
    public IReadOnlyList<LayerMatrix> Named { get; }

    /// <summary>All of the layer's parameters, in the order of the set.</summary>
    public IReadOnlyList<ParameterShape> Parameters { get; }

    /// <summary>Name of a core of W, of U, or of both.</summary>
    public string CoreName(string matrix, GateLayout layout, int core) => Name($"{matrix}.{layout.Network.Cores[core].Name}");

    public string Name(string parameter) => Prefix + parameter;

    private IEnumerable<ParameterShape> Cores(string matrix, GateLayout layout) =>
        Enumerable.Range(0, layout.Network.Cores.Count).Select(core => new ParameterShape(CoreName(matrix, layout, core), layout.Network.CoreShape(core)));
}
