namespace HTensor.Core;

/// <summary>
/// Block term: a sum of <c>blocks</c> Tucker terms over paired modes,
/// W[n, m] = sum_p sum_(r0...r(d-1)) C[p, r0, ..., r(d-1)] prod_k A_k[p, n_k, m_k, r_k]. The block index p joins all cores.
/// Parameters: blocks (rank sum_k n_k m_k + rank^d). Ye et al., CVPR 2018.
/// </summary>
public sealed class BlockTermFormat(int blocks, int rank) : IMatrixFormat
{
    public int Blocks => blocks;

    public int RankOfBonds => rank;

    public string Name => "bt";

    public string Settings => $"{blocks} blocks, rank {rank}";

    public ModePairing Pairing => ModePairing.Paired;

    public MatrixNetwork Describe(MatrixModes modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        var order = modes.RequirePaired("block term");
        if (blocks < 1) throw new ArgumentException($"block term: expected at least 1 block, found {blocks}");
        var bonds = new Dictionary<string, int> { ["p"] = blocks };
        var cores = new List<NetworkOperand>();
        for (var k = 0; k < order; k++)
        {
            var own = (double)modes.Inputs[k] * modes.Outputs[k];
            bonds[$"r{k}"] = Rank.Require(rank, Math.Min(own, Math.Max(1, modes.DenseParameters / own)), $"block term, factor of mode {k}");
            cores.Add(new NetworkOperand($"A{k}", ["p", MatrixNetwork.InputLabel(k), MatrixNetwork.OutputLabel(k), $"r{k}"]));
        }

        cores.Add(new NetworkOperand("C", ["p", .. Enumerable.Range(0, order).Select(k => $"r{k}")]));
        return new MatrixNetwork(modes, cores, bonds);
    }
}
