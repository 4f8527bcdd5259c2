namespace HTensor.Core;

/// <summary>W [N, M] stored as it is. Parameters: N M.</summary>
public sealed class DenseFormat : IMatrixFormat
{
    public string Name => "dense";

    public string Settings => "dense";

    public ModePairing Pairing => ModePairing.Whole;

    public MatrixNetwork Describe(MatrixModes modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        var whole = new MatrixModes([modes.Rows], [modes.Columns]);
        return new MatrixNetwork(whole, [new NetworkOperand("W", [MatrixNetwork.InputLabel(0), MatrixNetwork.OutputLabel(0)])], new Dictionary<string, int>());
    }
}
