using HTensor.Autodiff;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>The parameters of a classifier, their names, shapes and counts, from its options.</summary>
internal sealed class ClassifierLayout
{
    public const int Gates = 4;
    public const string RecurrentName = "recurrent.U";
    public const string BiasName = "recurrent.bias";
    public const string ReadoutName = "readout.W";
    public const string ReadoutBiasName = "readout.bias";

    /// <exception cref="ArgumentException">Modes, ranks or classes do not fit; the message names what was expected and found.</exception>
    public ClassifierLayout(ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (SequenceData.FirstFault(options.Classes) is { } fault) throw new ArgumentException($"classes: {fault}");
        // A copy: a caller's list may change, a model may not.
        Options = options with { InputModes = [.. options.InputModes], HiddenModes = [.. options.HiddenModes], Classes = [.. options.Classes] };
        Input = GateLayout.Create(options.InputWeights, options.InputModes, options.HiddenModes, Gates, options.Gates);
        Hidden = options.HiddenModes.Aggregate(1, (product, mode) => checked(product * mode));
        FrameSize = options.InputModes.Aggregate(1, (product, mode) => checked(product * mode));
        Readout = WeightFormat.Dense.Describe(new MatrixModes([Hidden], [options.Classes.Count]));
        Parameters =
        [
            .. Enumerable.Range(0, Input.Network.Cores.Count).Select(core => new ParameterShape(InputName(core), Input.Network.CoreShape(core))),
            new ParameterShape(RecurrentName, [Hidden, Gates * Hidden]),
            new ParameterShape(BiasName, [Gates * Hidden]),
            new ParameterShape(ReadoutName, Readout.CoreShape(0)),
            new ParameterShape(ReadoutBiasName, [options.Classes.Count]),
        ];
    }

    public ModelOptions Options { get; }

    public GateLayout Input { get; }

    public MatrixNetwork Readout { get; }

    public int Hidden { get; }

    public int FrameSize { get; }

    /// <summary>All parameters in the order of the set.</summary>
    public IReadOnlyList<ParameterShape> Parameters { get; }

    public string InputName(int core) => $"input.{Input.Network.Cores[core].Name}";
}
