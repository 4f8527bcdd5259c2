using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// First cores of a network near a matrix, by truncated singular value decompositions, the same on every machine. Core after core is split off, that
/// with the fewest bonds that are still to be made first: a tree gets its sequentially truncated HSVD, a train its TT-SVD, a ring its TR-SVD. Where
/// a bond joins more than two cores (block term, canonical polyadic) each of its indices is a network of its own that takes what those before left.
/// </summary>
internal static class NetworkStart
{
    /// <summary>Where first cores may begin: at the first, but in a loop, in which every core has two bonds or more, at any; each gives other ones.</summary>
    public static IReadOnlyList<int> Firsts(MatrixNetwork network)
    {
        var isLoop = Hyper(network) is null && network.Cores.All(core => core.Modes.Count(network.Bonds.ContainsKey) > 1);
        return isLoop ? [.. Enumerable.Range(0, network.Cores.Count)] : [0];
    }

    /// <param name="network">The network.</param>
    /// <param name="matrix">[N, M] of the network.</param>
    /// <param name="first">One of <see cref="Firsts"/>; it plays no part where a bond joins more than two cores.</param>
    /// <exception cref="ArithmeticException">The matrix is not finite.</exception>
    public static double[][] Of(MatrixNetwork network, double[] matrix, int first = 0) =>
        Hyper(network) is { } hyper ? Deflated(network, hyper, matrix) : Split(network, matrix, first);

    private static string? Hyper(MatrixNetwork network) => network.Bonds.Keys.FirstOrDefault(bond => network.Cores.Count(core => core.Modes.Contains(bond)) > 2);

    private static double[][] Split(MatrixNetwork network, double[] matrix, int first)
    {
        var modes = network.Matrix.ResultModes;
        var present = new LabelledTensor(matrix, [.. modes.Select(mode => network.Matrix.Labels[mode])], [.. modes.Select(mode => network.Matrix.Sizes[mode])]);
        var cores = new double[network.Cores.Count][];
        var open = Enumerable.Range(0, cores.Length).Select(core => (core + first) % cores.Length).ToList();
        string[] Missing(int core) => [.. network.Cores[core].Modes.Except(present.Labels)];
        while (open.Count > 1)
        {
            var core = open.MinBy(candidate => Missing(candidate).Length);
            open.Remove(core);
            var missing = Missing(core);
            string[] reads = [.. network.Cores[core].Modes.Except(missing)];
            int[] ranks = [.. missing.Select(bond => network.Bonds[bond])];
            var rank = ranks.Aggregate(1, (product, size) => product * size);
            var (frame, rest) = present.Split(reads, rank);
            cores[core] = new LabelledTensor(frame, [.. reads, .. missing], [.. reads.Select(present.SizeOf), .. ranks]).Ordered(network.Cores[core].Modes);
            string[] others = [.. present.Labels.Except(reads)];
            present = new LabelledTensor(rest, [.. missing, .. others], [.. ranks, .. others.Select(present.SizeOf)]);
        }

        cores[open[0]] = present.Ordered(network.Cores[open[0]].Modes);
        return cores;
    }

    private static double[][] Deflated(MatrixNetwork network, string hyper, double[] matrix)
    {
        var slice = new MatrixNetwork(network.Modes,
            [.. network.Cores.Select(core => new NetworkOperand(core.Name, [.. core.Modes.Where(label => label != hyper)]))],
            network.Bonds.Where(bond => bond.Key != hyper).ToDictionary());
        double[] rest = [.. matrix];
        double[][] cores = [.. Enumerable.Range(0, network.Cores.Count).Select(core => new double[network.CoreLength(core)])];
        for (var index = 0; index < network.Bonds[hyper]; index++)
        {
            var parts = Split(slice, rest, 0);
            var product = new NetworkMatrix(slice, parts).Value();
            for (var i = 0; i < rest.Length; i++) rest[i] -= product[i];
            for (var core = 0; core < cores.Length; core++) Insert(network, core, hyper, index, parts[core], cores[core]);
        }

        return cores;
    }

    private static void Insert(MatrixNetwork network, int core, string hyper, int index, double[] part, double[] whole)
    {
        var labels = network.Cores[core].Modes;
        var tensor = new LabelledTensor(whole, labels, network.CoreShape(core));
        var first = tensor.Places([hyper])[index];
        var places = tensor.Places(labels.Where(label => label != hyper));
        for (var i = 0; i < places.Length; i++) whole[first + places[i]] = part[i];
    }
}
