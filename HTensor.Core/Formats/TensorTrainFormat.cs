namespace HTensor.Core;

/// <summary>
/// Tensor train over paired modes: W[n, m] = G0[n0, m0, :] G1[:, n1, m1, :] ...
/// Parameters: sum_k r_k n_k m_k r_(k+1), r_0 = r_d = 1. Novikov, Podoprikhin, Osokin, Vetrov 2015, equation 5.
/// </summary>
/// <param name="ranks">One rank for all inner bonds, or one for each, from the left.</param>
public sealed class TensorTrainFormat(params IReadOnlyList<int> ranks) : IMatrixFormat
{
    /// <summary>One rank for all inner bonds, or one for each, from the left.</summary>
    public IReadOnlyList<int> Ranks => ranks;

    public string Name => "tt";

    public string Settings => Rank.Text(ranks);

    public ModePairing Pairing => ModePairing.Paired;

    public MatrixNetwork Describe(MatrixModes modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        var order = modes.RequirePaired("tensor train");
        var each = Rank.Each(ranks, order - 1, "tensor train", $"bond between modes of {modes}");
        var bonds = new Dictionary<string, int>();
        var cores = new List<NetworkOperand>();
        var (left, all) = (1.0, (double)modes.DenseParameters);
        for (var k = 0; k < order; k++)
        {
            left *= (double)modes.Inputs[k] * modes.Outputs[k];
            if (k + 1 < order) bonds[$"r{k}"] = Rank.Require(each[k], Math.Min(left, all / left), $"tensor train, bond {k} between modes {k} and {k + 1}");
            cores.Add(new NetworkOperand($"G{k}",
            [
                .. k == 0 ? Array.Empty<string>() : [$"r{k - 1}"],
                MatrixNetwork.InputLabel(k),
                MatrixNetwork.OutputLabel(k),
                .. k + 1 == order ? Array.Empty<string>() : [$"r{k}"],
            ]));
        }

        return new MatrixNetwork(modes, cores, bonds);
    }
}
