using System.Numerics;
using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// Normal cores whose product W has a wanted mean square entry v. For independent cores of deviation sigma,
/// Var(W) = sigma^(2 K) prod of all bonds' ranks, so sigma = (v / prod ranks)^(1 / 2K); the product is heavy-tailed, so the cores are then
/// scaled alike until sum W^2 / (N M) is v, the sum contracted over the cores without making W.
/// </summary>
internal static class FactoredNormal
{
    public static void Fill<T>(MatrixNetwork network, IReadOnlyList<Parameter<T>> cores, double meanSquare, Philox random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var ranks = network.Bonds.Values.Aggregate(0.0, (sum, rank) => sum + ScalarFunctions.Log((double)rank));
        var deviation = ScalarFunctions.Exp((ScalarFunctions.Log(meanSquare) - ranks) / (2 * cores.Count));
        foreach (var core in cores) random.FillNormal(core.Values, T.CreateChecked(deviation));
        var found = SquaredNorm(network, cores) / network.Modes.DenseParameters;
        var scale = T.CreateChecked(ScalarFunctions.Exp(ScalarFunctions.Log(meanSquare / found) / (2 * cores.Count)));
        foreach (var core in cores)
        {
            foreach (ref var value in core.Values) value *= scale;
        }
    }

    /// <summary>Sum of W^2, in double: the network joined with itself, every bond of the second one of its own.</summary>
    public static double SquaredNorm<T>(MatrixNetwork network, IReadOnlyList<Parameter<T>> cores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // One core is W itself, and may be large.
        if (cores is [var dense]) return SumOfSquares<T>(dense.Values);
        string Twin(string label) => network.Bonds.ContainsKey(label) ? label + "'" : label;
        var twins = network.Cores.Select(core => new NetworkOperand(core.Name + "'", [.. core.Modes.Select(Twin)]));
        var matrix = network.Matrix;
        var sizes = matrix.Labels.Select((label, id) => (label, size: matrix.Sizes[id])).ToDictionary(pair => pair.label, pair => pair.size);
        foreach (var (label, rank) in network.Bonds) sizes[Twin(label)] = rank;
        var plan = ContractionPlanner.Plan(new TensorNetwork([.. network.Cores, .. twins], [], sizes), PlanObjective.MultiplyAdds);
        var executor = new ContractionExecutor<double>(plan);
        for (var core = 0; core < cores.Count; core++)
        {
            var values = new double[cores[core].Length];
            for (var i = 0; i < values.Length; i++) values[i] = double.CreateChecked(cores[core].Values[i]);
            executor.Bind(core, values, default);
            executor.Bind(cores.Count + core, values, default);
        }

        executor.Forward(ThreadTeam.Inline);
        return executor.Value(executor.ResultNode)[0];
    }

    private static double SumOfSquares<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            var wide = double.CreateChecked(value);
            sum += wide * wide;
        }

        return sum;
    }
}
