namespace HTensor.Core;

/// <summary>
/// A way to hold a weight matrix as a tensor network. A format says only which cores it has and how they are joined; planning,
/// execution, gradients, counting, initialization and storage are the same for all.
/// </summary>
public interface IMatrixFormat
{
    /// <summary>Short name as the tool spells it: dense, ht, tt, tr, bt, cp, tucker.</summary>
    string Name { get; }

    /// <summary>The format's options in words, for reports: leaf rank 4, inner rank 5.</summary>
    string Settings { get; }

    /// <summary>Whether input modes and output modes go in pairs.</summary>
    ModePairing Pairing { get; }

    /// <summary>Cores and bonds for a matrix of these modes.</summary>
    /// <exception cref="ArgumentException">Modes or ranks do not fit the format; the message names what was expected and found.</exception>
    MatrixNetwork Describe(MatrixModes modes);
}
