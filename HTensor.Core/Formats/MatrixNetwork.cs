using System.Globalization;

namespace HTensor.Core;

/// <summary>
/// A weight matrix as cores over labelled modes: <c>n0 ... n(d-1)</c> for inputs, <c>m0 ... m(e-1)</c> for outputs, any other label is a bond.
/// </summary>
public sealed class MatrixNetwork
{
    /// <summary>Label of the mode that counts samples in <see cref="OverSamples"/>.</summary>
    public const string SampleMode = "s";

    private readonly Dictionary<string, int> _sizes;

    public MatrixNetwork(MatrixModes modes, IReadOnlyList<NetworkOperand> cores, IReadOnlyDictionary<string, int> bonds)
    {
        ArgumentNullException.ThrowIfNull(modes);
        ArgumentNullException.ThrowIfNull(cores);
        ArgumentNullException.ThrowIfNull(bonds);
        Modes = modes;
        Cores = [.. cores];
        Bonds = bonds;
        _sizes = new Dictionary<string, int>(bonds);
        for (var k = 0; k < modes.Inputs.Count; k++) _sizes[InputLabel(k)] = modes.Inputs[k];
        for (var k = 0; k < modes.Outputs.Count; k++) _sizes[OutputLabel(k)] = modes.Outputs[k];
        Matrix = new TensorNetwork(Cores, [.. InputLabels, .. OutputLabels], _sizes);
    }

    public MatrixModes Modes { get; }

    public IReadOnlyList<NetworkOperand> Cores { get; }

    /// <summary>Bond labels and their ranks.</summary>
    public IReadOnlyDictionary<string, int> Bonds { get; }

    /// <summary>The network whose result is W [n0, ..., m0, ...].</summary>
    public TensorNetwork Matrix { get; }

    /// <summary>Stored numbers, counted from the cores.</summary>
    public long ParameterCount => Enumerable.Range(0, Cores.Count).Sum(CoreLength);

    private IEnumerable<string> InputLabels => Enumerable.Range(0, Modes.Inputs.Count).Select(InputLabel);

    private IEnumerable<string> OutputLabels => Enumerable.Range(0, Modes.Outputs.Count).Select(OutputLabel);

    public static string InputLabel(int mode) => string.Create(CultureInfo.InvariantCulture, $"n{mode}");

    public static string OutputLabel(int mode) => string.Create(CultureInfo.InvariantCulture, $"m{mode}");

    /// <summary>Shape of a core.</summary>
    public IReadOnlyList<int> CoreShape(int core) => [.. Cores[core].Modes.Select(label => _sizes[label])];

    public long CoreLength(int core) => CoreShape(core).Aggregate(1L, (product, size) => product * size);

    /// <summary>y[s, m...] = sum over n of x[s, n...] W[n..., m...] for <paramref name="samples"/> samples: the cores, then x as the last operand.</summary>
    public TensorNetwork OverSamples(int samples)
    {
        var sizes = new Dictionary<string, int>(_sizes) { [SampleMode] = samples };
        return new TensorNetwork([.. Cores, new NetworkOperand("x", [SampleMode, .. InputLabels])], [SampleMode, .. OutputLabels], sizes);
    }
}
