namespace HTensor.Core;

/// <summary>
/// A format over modes of its own, whatever those of the model: the sides of W [N, M], each taken as one, are cut anew, row-major. The input
/// modes may hold more than N: the rows of W behind N are padding and multiply zeros.
/// </summary>
public sealed class OwnModesFormat : IMatrixFormat
{
    /// <param name="format">How W is held.</param>
    /// <param name="modes">Modes of both sides; where the matrix is that of a cell, the gates are in the output modes, the slowest part of the index.</param>
    /// <exception cref="ArgumentException">The format takes whole sides and cuts nothing.</exception>
    public OwnModesFormat(IMatrixFormat format, MatrixModes modes)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(modes);
        if (format.Pairing == ModePairing.Whole) throw new ArgumentException($"own modes: expected a format that has modes, found {format.Name}, which takes whole sides");
        (Format, Modes) = (format, modes);
    }

    public IMatrixFormat Format { get; }

    public MatrixModes Modes { get; }

    public string Name => Format.Name;

    public string Settings => $"{Format.Settings}, modes {Modes}";

    public ModePairing Pairing => ModePairing.Whole;

    public MatrixNetwork Describe(MatrixModes modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        if (modes.Columns != Modes.Columns) throw new ArgumentException($"own modes {Modes}: expected output modes of the matrix's {modes.Columns} columns, found {Modes.Columns}");
        if (modes.Rows > Modes.Rows) throw new ArgumentException($"own modes {Modes}: expected input modes of at least the matrix's {modes.Rows} rows, found {Modes.Rows}");
        return Format.Describe(Modes);
    }
}
