namespace HTensor.Core;

/// <summary>
/// Tucker over all modes, inputs first: W[n, m] = sum C[p0, ..., q0, ...] prod_k A_k[n_k, p_k] prod_l B_l[m_l, q_l].
/// Parameters: sum_k n_k p_k + sum_l m_l q_l + prod p prod q. Modes are not paired: so counts the Tucker-GRU of Tjandra et al., arXiv 1802.10410.
/// </summary>
/// <param name="ranks">One rank for all modes, or one for each, those of the inputs first.</param>
public sealed class TuckerFormat(params IReadOnlyList<int> ranks) : IMatrixFormat
{
    public string Name => "tucker";

    /// <summary>One rank for all modes, or one for each.</summary>
    public IReadOnlyList<int> Ranks => ranks;

    public string Settings => Rank.Text(ranks);

    public ModePairing Pairing => ModePairing.Free;

    public MatrixNetwork Describe(MatrixModes modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        int[] sizes = [.. modes.Inputs, .. modes.Outputs];
        string[] labels = [.. modes.Inputs.Select((_, k) => MatrixNetwork.InputLabel(k)), .. modes.Outputs.Select((_, k) => MatrixNetwork.OutputLabel(k))];
        string[] bonds = [.. modes.Inputs.Select((_, k) => $"p{k}"), .. modes.Outputs.Select((_, k) => $"q{k}")];
        var all = Rank.Each(ranks, sizes.Length, "Tucker", $"mode of {modes}");
        var core = all.Aggregate(1.0, (product, rank) => product * rank);
        for (var k = 0; k < sizes.Length; k++)
            Rank.Require(all[k], all[k] < 1 ? sizes[k] : Math.Min(sizes[k], core / all[k]), $"Tucker, {(k < modes.Inputs.Count ? "input" : "output")} mode {labels[k][1..]}");

        NetworkOperand[] cores =
        [
            .. sizes.Select((_, k) => new NetworkOperand($"{(k < modes.Inputs.Count ? "A" : "B")}{labels[k][1..]}", [labels[k], bonds[k]])),
            new NetworkOperand("C", bonds),
        ];
        return new MatrixNetwork(modes, cores, bonds.Zip(all).ToDictionary(pair => pair.First, pair => pair.Second));
    }
}
