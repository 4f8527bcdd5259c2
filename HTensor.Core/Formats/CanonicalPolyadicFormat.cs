namespace HTensor.Core;

/// <summary>
/// Canonical polyadic over all modes, inputs first: W[n, m] = sum_r prod_k A_k[n_k, r] prod_l B_l[m_l, r]. The bond r joins all cores.
/// Parameters: rank (sum_k n_k + sum_l m_l). Modes are not paired: so counts the CP-GRU of Tjandra et al., arXiv 1802.10410.
/// </summary>
public sealed class CanonicalPolyadicFormat(int rank) : IMatrixFormat
{
    private const string Bond = "r";

    public int RankOfBonds => rank;

    public string Name => "cp";

    public string Settings => $"rank {rank}";

    public ModePairing Pairing => ModePairing.Free;

    public MatrixNetwork Describe(MatrixModes modes)
    {
        ArgumentNullException.ThrowIfNull(modes);

        // A sum over the unit tensors of all modes but the largest is exact for every W.
        Rank.Require(rank, (double)modes.DenseParameters / modes.Inputs.Concat(modes.Outputs).Max(), "canonical polyadic");
        NetworkOperand[] cores =
        [
            .. modes.Inputs.Select((_, k) => new NetworkOperand($"A{k}", [MatrixNetwork.InputLabel(k), Bond])),
            .. modes.Outputs.Select((_, k) => new NetworkOperand($"B{k}", [MatrixNetwork.OutputLabel(k), Bond])),
        ];
        return new MatrixNetwork(modes, cores, new Dictionary<string, int> { [Bond] = rank });
    }
}
