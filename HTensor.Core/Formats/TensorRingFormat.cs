namespace HTensor.Core;

/// <summary>
/// Tensor ring over all modes in turn, inputs first: W[n, m] = trace(G0[:, n0, :] ... G(d-1)[:, n(d-1), :] H0[:, m0, :] ...).
/// Bond k stands behind mode k; the last closes the ring. Pan et al., AAAI 2019.
/// </summary>
public sealed class TensorRingFormat : IMatrixFormat
{
    private readonly int[] _ranks;
    private readonly int? _closing;

    /// <summary>Every bond has <paramref name="rank"/>, the one that closes the ring <paramref name="closingRank"/>.</summary>
    public TensorRingFormat(int rank, int closingRank) => (_ranks, _closing) = ([rank], closingRank);

    /// <param name="ranks">One rank for all bonds, or one for each, the closing bond's last.</param>
    public TensorRingFormat(IReadOnlyList<int> ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        _ranks = [.. ranks];
        if (ranks.Count == 1) _closing = ranks[0];
    }

    /// <summary>One rank for all bonds but the one that closes the ring, or one for each, that one's last.</summary>
    public IReadOnlyList<int> Ranks => _ranks;

    /// <summary>Of the bond from the last core to the first.</summary>
    public int ClosingRank => _closing ?? _ranks[^1];

    public string Name => "tr";

    public string Settings => _closing is not { } closing || closing == _ranks[0] ? Rank.Text(_ranks) : $"rank {_ranks[0]}, closing bond {closing}";

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
        int[] each = [.. Rank.Each(_ranks, labels.Length, "tensor ring", $"bond behind a mode of {modes}")];
        each[^1] = ClosingRank;
        var bonds = new Dictionary<string, int>();
        for (var k = 0; k < labels.Length; k++)
            bonds[$"r{k}"] = Rank.Require(each[k], modes.DenseParameters, k + 1 == labels.Length ? "tensor ring, closing bond" : $"tensor ring, bond {k}");

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
