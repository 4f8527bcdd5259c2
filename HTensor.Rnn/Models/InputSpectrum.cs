using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>The singular values of a weight matrix across one bond of its network: those of its unfolding into the modes on both sides.</summary>
/// <param name="Bond">The bond's label.</param>
/// <param name="Modes">Modes k on the side that is cut off: a node's of a tree, those up to the bond of a train.</param>
/// <param name="Values">As many as the rank, the largest first.</param>
public sealed record InputSpectrum(string Bond, IReadOnlyList<int> Modes, IReadOnlyList<double> Values)
{
    /// <summary>
    /// Of the first layer's input matrix, every bond that alone holds two parts of the network together: each node of hierarchical Tucker, each bond of a tensor train, each
    /// factor of Tucker. With U^T U = A below a bond of rank r and V V^T = B above it they are the roots of the eigenvalues of A B; W is not made. Cost: a contraction of the network
    /// with itself a bond, and r^3.
    /// </summary>
    public static IReadOnlyList<InputSpectrum> Of(SequenceClassifier model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var layer = model.Layout.Layers[0][0];
        var matrix = layer.Joint?.Whole ?? layer.Input;
        var kind = layer.Joint is null ? "input" : "joint";
        var cores = matrix.Network.Cores.Select((_, core) => model.Parameters[layer.CoreName(kind, matrix, core)]).ToArray();
        return [.. matrix.Network.Bonds.Keys.Select(bond => Across(matrix.Network, cores, bond)).OfType<InputSpectrum>()];
    }

    internal static InputSpectrum? Across(MatrixNetwork network, IReadOnlyList<Parameter<float>> cores, string bond)
    {
        int[] ends = [.. Enumerable.Range(0, cores.Count).Where(core => network.Cores[core].Modes.Contains(bond))];
        if (ends.Length != 2) return null;
        var below = Side(network, ends[0], bond);
        if (below.Contains(ends[1])) return null;
        int[] above = [.. Enumerable.Range(0, cores.Count).Except(below)];
        var rank = network.Bonds[bond];
        var values = SmallEigen.OfProduct(Gram(network, cores, below, bond), Gram(network, cores, above, bond), rank);
        // The last core is a tree's root and a train's end.
        var modes = ModesOf(network, below.Contains(cores.Count - 1) ? above : below);
        return new InputSpectrum(bond, modes, [.. values.Select(value => Math.Sqrt(Math.Max(0, value)))]);
    }

    private static int[] ModesOf(MatrixNetwork network, IEnumerable<int> cores)
    {
        var labels = cores.SelectMany(core => network.Cores[core].Modes).ToHashSet();
        return [.. Enumerable.Range(0, network.Modes.Inputs.Count).Where(mode => labels.Contains(MatrixNetwork.InputLabel(mode)))];
    }

    /// <summary>Cores that hang together with one when a bond is cut.</summary>
    private static HashSet<int> Side(MatrixNetwork network, int start, string cut)
    {
        var (side, open) = (new HashSet<int> { start }, new Queue<int>([start]));
        while (open.TryDequeue(out var core))
        {
            foreach (var other in Enumerable.Range(0, network.Cores.Count))
            {
                if (network.Cores[core].Modes.Intersect(network.Cores[other].Modes).Any(label => label != cut) && side.Add(other)) open.Enqueue(other);
            }
        }

        return side;
    }

    /// <summary>[rank, rank]: the cores with themselves, all labels summed but the bond.</summary>
    private static double[] Gram(MatrixNetwork network, IReadOnlyList<Parameter<float>> cores, IReadOnlyCollection<int> side, string bond)
    {
        string Twin(string label) => network.Bonds.ContainsKey(label) ? label + "'" : label;
        NetworkOperand[] own = [.. side.Order().Select(core => network.Cores[core])];
        NetworkOperand[] twins = [.. own.Select(core => new NetworkOperand(core.Name + "'", [.. core.Modes.Select(Twin)]))];
        var sizes = network.Matrix.Labels.Select((label, id) => (label, size: network.Matrix.Sizes[id])).ToDictionary(pair => pair.label, pair => pair.size);
        foreach (var (label, rank) in network.Bonds) sizes[Twin(label)] = rank;
        var executor = new ContractionExecutor<double>(ContractionPlanner.Plan(new TensorNetwork([.. own, .. twins], [bond, Twin(bond)], sizes), PlanObjective.MultiplyAdds));
        var position = 0;
        foreach (var core in side.Order())
        {
            double[] values = [.. cores[core].Values.ToArray().Select(value => (double)value)];
            executor.Bind(position, values, default);
            executor.Bind(own.Length + position++, values, default);
        }

        executor.Forward(ThreadTeam.Inline);
        return executor.Value(executor.ResultNode).ToArray();
    }
}
