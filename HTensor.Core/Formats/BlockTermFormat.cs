namespace HTensor.Core;

/// <summary>
/// Block term: a sum of <c>blocks</c> Tucker terms over paired modes,
/// W[n, m] = sum_p sum_(r0...r(d-1)) C[p, r0, ..., r(d-1)] prod_k A_k[p, n_k, m_k, r_k]. The block index p joins all cores.
/// Parameters: blocks (sum_k n_k m_k r_k + prod_k r_k). Ye et al., CVPR 2018.
/// </summary>
/// <param name="blocks">Terms of the sum.</param>
/// <param name="ranks">One rank for all modes, or one for each; the same in every term.</param>
public sealed class BlockTermFormat(int blocks, params IReadOnlyList<int> ranks) : IMatrixFormat
{
    public int Blocks => blocks;

    /// <summary>One rank for all modes, or one for each.</summary>
    public IReadOnlyList<int> Ranks => ranks;

    public string Name => "bt";

    public string Settings => $"{blocks} blocks, {Rank.Text(ranks)}";

    public ModePairing Pairing => ModePairing.Paired;

    public MatrixNetwork Describe(MatrixModes modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        var order = modes.RequirePaired("block term");
        if (blocks < 1) throw new ArgumentException($"block term: expected at least 1 block, found {blocks}");
        var each = Rank.Each(ranks, order, "block term", $"pair of modes of {modes}");
        var bonds = new Dictionary<string, int> { ["p"] = blocks };
        var cores = new List<NetworkOperand>();
        for (var k = 0; k < order; k++)
        {
            var own = (double)modes.Inputs[k] * modes.Outputs[k];
            bonds[$"r{k}"] = Rank.Require(each[k], Math.Min(own, Math.Max(1, modes.DenseParameters / own)), $"block term, factor of mode {k}");
            cores.Add(new NetworkOperand($"A{k}", ["p", MatrixNetwork.InputLabel(k), MatrixNetwork.OutputLabel(k), $"r{k}"]));
        }

        cores.Add(new NetworkOperand("C", ["p", .. Enumerable.Range(0, order).Select(k => $"r{k}")]));
        return new MatrixNetwork(modes, cores, bonds);
    }
}
