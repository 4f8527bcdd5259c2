namespace HTensor.Core;

/// <summary>
/// Tensor ring over all modes in turn, inputs first: W[n, m] = trace(G0[:, n0, :] ... G(d-1)[:, n(d-1), :] H0[:, m0, :] ...).
/// Every bond has <c>rank</c>, the one that closes the ring (last core to first) <c>closingRank</c>. Pan et al., AAAI 2019.
/// </summary>
public sealed class TensorRingFormat(int rank, int closingRank) : IMatrixFormat
{
    public int RankOfBonds => rank;

    public int ClosingRank => closingRank;

    public string Name => "tr";

    public string Settings => closingRank == rank ? $"rank {rank}" : $"rank {rank}, closing bond {closingRank}";

    public ModePairing Pairing => ModePairing.Free;

    public MatrixNetwork Describe(MatrixModes modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        string[] labels =
        [
            .. Enumerable.Range(0, modes.Inputs.Count).Select(MatrixNetwork.InputLabel),
            .. Enumerable.Range(0, modes.Outputs.Count).Select(MatrixNetwork.OutputLabel),
        ];
        int[] sizes = [.. modes.Inputs, .. modes.Outputs];
        var bonds = new Dictionary<string, int>();
        for (var k = 0; k < labels.Length; k++)
        {
            var closing = k + 1 == labels.Length;
            bonds[$"r{k}"] = Rank.Require(closing ? closingRank : rank, modes.DenseParameters, closing ? "tensor ring, closing bond" : $"tensor ring, bond {k}");
        }

        var cores = labels.Select((label, k) => new NetworkOperand($"G{k}", [$"r{(k + labels.Length - 1) % labels.Length}", label, $"r{k}"])).ToArray();
        for (var k = 0; k < labels.Length; k++)
        {
            var (before, after) = (bonds[cores[k].Modes[0]], bonds[cores[k].Modes[2]]);
            Rank.Require(after, (double)before * sizes[k], $"tensor ring, bond after mode {label(k)}");
            Rank.Require(before, (double)after * sizes[k], $"tensor ring, bond before mode {label(k)}");
        }

        return new MatrixNetwork(modes, cores, bonds);
        string label(int k) => labels[k];
    }
}
