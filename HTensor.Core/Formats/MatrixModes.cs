using System.Globalization;

namespace HTensor.Core;

/// <summary>
/// How the two sides of a weight matrix W [N, M] are cut into modes: N = n1 ... nd inputs, M = m1 ... me outputs, row-major, last mode fastest.
/// </summary>
public sealed class MatrixModes
{
    /// <exception cref="ArgumentException">A side has no mode, or a size is below 1, or a side's product overflows an int.</exception>
    public MatrixModes(IReadOnlyList<int> inputs, IReadOnlyList<int> outputs)
    {
        Rows = Product(inputs, "input");
        Columns = Product(outputs, "output");
        Inputs = [.. inputs];
        Outputs = [.. outputs];
    }

    /// <summary>n1 ... nd.</summary>
    public IReadOnlyList<int> Inputs { get; }

    /// <summary>m1 ... me.</summary>
    public IReadOnlyList<int> Outputs { get; }

    /// <summary>N, the product of the input modes.</summary>
    public int Rows { get; }

    /// <summary>M, the product of the output modes.</summary>
    public int Columns { get; }

    /// <summary>N M, the entries of the dense matrix.</summary>
    public long DenseParameters => (long)Rows * Columns;

    public override string ToString() => $"{Text(Inputs)} -> {Text(Outputs)}";

    /// <summary>Modes as users write them: 8x10x10x9x8.</summary>
    public static string Text(IEnumerable<int> modes) => string.Join('x', modes.Select(mode => mode.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The modes of formats that pair input mode k with output mode k.</summary>
    internal int RequirePaired(string format) => Inputs.Count == Outputs.Count
        ? Inputs.Count
        : throw new ArgumentException($"{format}: expected as many input modes as output modes, found {Inputs.Count} ({Text(Inputs)}) and {Outputs.Count} ({Text(Outputs)})");

    private static int Product(IReadOnlyList<int> modes, string side)
    {
        ArgumentNullException.ThrowIfNull(modes);
        if (modes.Count == 0) throw new ArgumentException($"{side} modes: expected at least one, found none");
        var product = 1L;
        foreach (var mode in modes)
        {
            if (mode < 1) throw new ArgumentException($"{side} modes {Text(modes)}: expected sizes of at least 1, found {mode}");
            product *= mode;
            if (product > int.MaxValue) throw new ArgumentException($"{side} modes {Text(modes)}: their product exceeds {int.MaxValue}");
        }

        return (int)product;
    }
}
