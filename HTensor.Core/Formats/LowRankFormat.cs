namespace HTensor.Core;

/// <summary>W [N, M] as a product of two factors, W[n, m] = sum_r A[n, r] B[r, m]: what a truncated SVD gives. Parameters: rank (N + M).</summary>
public sealed class LowRankFormat(int rank) : IMatrixFormat
{
    private const string Bond = "r";

    public int RankOfBonds => rank;

    public string Name => "lowrank";

    public string Settings => $"rank {rank}";

    public ModePairing Pairing => ModePairing.Whole;

    public MatrixNetwork Describe(MatrixModes modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        var whole = new MatrixModes([modes.Rows], [modes.Columns]);
        Rank.Require(rank, Math.Min(modes.Rows, modes.Columns), "low rank");
        NetworkOperand[] cores = [new("A", [MatrixNetwork.InputLabel(0), Bond]), new("B", [Bond, MatrixNetwork.OutputLabel(0)])];
        return new MatrixNetwork(whole, cores, new Dictionary<string, int> { [Bond] = rank });
    }
}
